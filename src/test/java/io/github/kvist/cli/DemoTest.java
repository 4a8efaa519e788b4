// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.cli.DemoTables.Load;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the demo on one module of the JDK, where its users see all of them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class DemoTest {
    private static final JdkCatalogue JAVA_BASE = JdkCatalogue.ofModule("java.base");
    private static final String ALL = Figures.number(JAVA_BASE.files().size());

    @TempDir
    Path directory;

    @Test
    void runsInMemoryWithoutTheKill() {
        String shown = demo("memory:");

        assertThat(shown)
                .contains("The store is memory:", "100 %  " + ALL + " of " + ALL + " classes")
                .containsPattern("classes put, with their entries in 3 indexes +" + ALL)
                .contains("Left out", "mvn -q compile exec:java");
        assertReadable(shown);
    }

    @Test
    void everyLookUpFindsWhatTheClassFilesSay() {
        List<JdkClass> classes =
                JAVA_BASE.files().stream().map(JdkCatalogue::read).toList();
        String shown = demo("memory:").replaceAll("\\s+", " ");

        assertThat(shown)
                .contains(
                        "java.util.HashMap of module java.base, ",
                        "extends java.util.AbstractMap, implements java.util.Map,")
                .contains(call(
                        "scan(KeyRange.prefix(\"java.util.concurrent.\"))",
                        classes,
                        type -> type.name().startsWith("java.util.concurrent.")))
                .contains(call(
                        "by(BY_SUPERCLASS).eq(\"java.util.AbstractList\")",
                        classes,
                        type -> "java.util.AbstractList".equals(type.superclass())))
                .contains(call(
                        "by(BY_SIZE).scan(KeyRange.atLeast(50000)).reverse()",
                        classes,
                        type -> type.sizeBytes() >= 50_000))
                .contains(call(
                        "by(BY_INTERFACE).eq(\"java.util.Map\")",
                        classes,
                        type -> type.interfaces().contains("java.util.Map")));
    }

    @Test
    void directoryKeepsWhatItWasToldThroughAKillAndToTheNextRun() {
        String first = demo(directory.resolve("store").toString());

        assertThat(first).contains("100 %  " + ALL + " of " + ALL + " classes", "a store never closed");
        assertNothingLost(first);
        assertReadable(first);

        String second = demo(directory.resolve("store").toString());

        assertThat(second.replaceAll("\\s+", " "))
                .contains("An earlier run loaded every class of this JDK", "all " + ALL + " are there, nothing to load")
                .contains("java.util.HashMap of module java.base")
                .doesNotContain("100 %");
        assertNothingLost(second);
    }

    @Test
    void loadOfAnotherJdkIsReplaced() {
        try (KvStore store = Kvist.inMemory()) {
            JdkClass strange = new JdkClass("strange.Thing", "strange", "strange", 1, null, List.of());
            store.in(DemoTables.CLASSES).put(strange.name(), strange);
            store.in(DemoTables.LOADS).put(DemoTables.CLASSES.name(), new Load("1.4", 1, Instant.EPOCH));
            StringWriter shown = new StringWriter();

            load(store, shown);

            assertThat(shown.toString()).contains("Clearing 1 class of JDK 1.4.", "Loaded in");
            assertThat(store.in(DemoTables.CLASSES).contains(strange.name())).isFalse();
            assertThat(store.in(DemoTables.CLASSES).count())
                    .isEqualTo(JAVA_BASE.files().size());
        }
    }

    @Test
    void interruptedLoadStartsAnew() {
        try (KvStore store = Kvist.inMemory()) {
            JAVA_BASE.files().stream()
                    .limit(2)
                    .map(JdkCatalogue::read)
                    .forEach(type -> store.in(DemoTables.CLASSES).put(type.name(), type));
            StringWriter shown = new StringWriter();

            load(store, shown);

            assertThat(shown.toString()).contains("Clearing 2 classes of a load that was interrupted.");
            assertThat(store.in(DemoTables.CLASSES).count())
                    .isEqualTo(JAVA_BASE.files().size());
        }
    }

    @Test
    void lostClassesAreNotPassedOver() {
        try (KvStore store = Kvist.inMemory()) {
            load(store, new StringWriter());
            store.in(DemoTables.CLASSES).delete("java.util.HashMap");

            assertThatThrownBy(() -> load(store, new StringWriter()))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("must not happen");
        }
    }

    @Test
    void childThatEndsByItselfIsToldWithWhatItSaid() {
        StoreArgument address = StoreArgument.of(directory.toString());
        try (KvStore inTheWay = address.open()) {
            assertThat(inTheWay.revision()).isZero();

            assertThatThrownBy(() -> new HardKill(screen(new StringWriter()), new Timings(), address).run())
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("ended by itself (exit code 1) after 0 transactions")
                    .hasMessageContaining("KvException$Locked");
        }
    }

    private static String demo(String store) {
        StringWriter shown = new StringWriter();
        new Demo(screen(shown), StoreArgument.of(store), JAVA_BASE).run();
        return shown.toString();
    }

    private static void load(KvStore store, StringWriter shown) {
        new Loading(screen(shown), new Timings(), JAVA_BASE).run(store);
    }

    private static Screen screen(StringWriter shown) {
        return new Screen(new PrintWriter(shown), false);
    }

    private static String call(String code, List<JdkClass> classes, Predicate<JdkClass> isFound) {
        long found = classes.stream().filter(isFound).count();
        assertThat(found).isGreaterThan(4);
        return "classes." + code + " " + found + " classes: ";
    }

    private static void assertNothingLost(String shown) {
        int acknowledged = figure("transactions acknowledged", shown);

        assertThat(acknowledged).isGreaterThanOrEqualTo(500);
        // A commit may be durable and its thread not yet told.
        assertThat(figure("transactions recovered", shown)).isBetween(acknowledged, acknowledged + DoomedLoad.THREADS);
        assertThat(figure("acknowledged, not recovered", shown)).isZero();
        assertThat(figure("recovered by halves", shown)).isZero();
        assertThat(figure("classes of the first table", shown))
                .isEqualTo(JAVA_BASE.files().size());
        assertThat(figure("findings of a full check", shown)).isZero();
        assertThat(shown).contains("Nothing that was acknowledged is lost, and nothing is there by halves.");
    }

    private static int figure(String label, String shown) {
        Matcher matcher = Pattern.compile(label + " +([\\d,]+)").matcher(shown);
        assertThat(matcher.find()).as(label).isTrue();
        return Integer.parseInt(matcher.group(1).replace(",", ""));
    }

    /** ASCII on 100 columns; a path may be as long as it is. */
    private void assertReadable(String shown) {
        Predicate<String> hasPath = line -> line.contains(directory.toString());

        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(shown)).isTrue();
        assertThat(shown.lines().filter(hasPath.negate()))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Screen.COLUMNS));
    }
}
