// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static io.github.kvist.cli.DemoTables.BY_INTERFACE;
import static io.github.kvist.cli.DemoTables.BY_SIZE;
import static io.github.kvist.cli.DemoTables.BY_SUPERCLASS;

import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.TableReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** The demo's second step: finds classes in every way there is, each beside the call that does it. */
final class LookUps {
    private static final int SHOWN = 4;
    private static final int LARGE_BYTES = 50_000;

    private final Screen screen;
    private final Timings timings;
    private final TableReader<String, JdkClass> classes;

    LookUps(Screen screen, Timings timings, TableReader<String, JdkClass> classes) {
        this.screen = screen;
        this.timings = timings;
        this.classes = classes;
    }

    void show() {
        screen.line("By key");
        call("classes.get(\"java.util.HashMap\")");
        answer(classes.get("java.util.HashMap").map(LookUps::portrait).orElse("not in this JDK"));

        screen.line("By a range of keys, in order");
        call("classes.scan(KeyRange.prefix(\"java.util.concurrent.\"))");
        KeyRange<String> concurrent = KeyRange.prefix("java.util.concurrent.");
        answer(classes.count(concurrent), classes.scan(concurrent).limit(SHOWN).keys());

        screen.line("By an index");
        call("classes.by(BY_SUPERCLASS).eq(\"java.util.AbstractList\")");
        String list = "java.util.AbstractList";
        answer(
                classes.by(BY_SUPERCLASS).count(list),
                classes.by(BY_SUPERCLASS).eq(list).limit(SHOWN).keys());

        screen.line("By a range of an index, from its end");
        call("classes.by(BY_SIZE).scan(KeyRange.atLeast(" + LARGE_BYTES + ")).reverse()");
        KeyRange<Integer> large = KeyRange.atLeast(LARGE_BYTES);
        answer(
                classes.by(BY_SIZE).count(large),
                classes.by(BY_SIZE).scan(large).reverse().limit(SHOWN).toList().stream()
                        .map(LookUps::nameAndSize)
                        .toList());

        screen.line("By an index with many keys a record");
        call("classes.by(BY_INTERFACE).eq(\"java.util.Map\")");
        String map = "java.util.Map";
        answer(
                classes.by(BY_INTERFACE).count(map),
                classes.by(BY_INTERFACE).eq(map).limit(SHOWN).keys());
    }

    /** Every class once in each way: one pass without warming up, so an idea of the speed and no more. */
    void time() {
        Set<String> superclasses = new LinkedHashSet<>();
        List<String> names = new ArrayList<>();
        long start = System.nanoTime();
        for (Entry<String, JdkClass> entry : classes.scan()) {
            names.add(entry.key());
            if (entry.value().superclass() != null) {
                superclasses.add(entry.value().superclass());
            }
        }
        timings.add("classes scanned in the order of their names", names.size(), System.nanoTime() - start);

        Collections.shuffle(names, new Random(names.size()));
        long found = 0;
        start = System.nanoTime();
        for (String name : names) {
            found += classes.getOrNull(name) != null ? 1 : 0;
        }
        timings.add("classes found by name, in random order", found, System.nanoTime() - start);

        found = 0;
        start = System.nanoTime();
        for (String superclass : superclasses) {
            found += classes.by(BY_SUPERCLASS).eq(superclass).values().size();
        }
        timings.add(
                "classes found by " + Figures.number(superclasses.size()) + " superclasses",
                found,
                System.nanoTime() - start);
    }

    private void call(String code) {
        screen.line("    " + code);
    }

    private void answer(long count, List<String> first) {
        String more = count > first.size() ? ", ..." : "";
        answer(Figures.counted(count, "class", "classes") + ": "
                + first.stream().collect(Collectors.joining(", ")) + more);
    }

    private void answer(String text) {
        screen.paragraph("      ", text);
    }

    private static String portrait(JdkClass type) {
        return type.name() + " of module " + type.module() + ", " + Figures.number(type.sizeBytes())
                + " bytes, extends " + type.superclass() + ", implements " + String.join(", ", type.interfaces());
    }

    private static String nameAndSize(Entry<String, JdkClass> entry) {
        return entry.key() + " (" + Figures.number(entry.value().sizeBytes()) + " bytes)";
    }
}
