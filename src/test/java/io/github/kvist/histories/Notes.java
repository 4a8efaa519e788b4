// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.histories;

import io.github.kvist.testkit.History.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one transaction saw and did so far. Confined to its thread. */
public final class Notes {
    private final List<Step> steps = new ArrayList<>();
    private final long began = System.nanoTime();
    private long notBefore = Long.MIN_VALUE;

    /** Forgets all: the transaction runs again. */
    void restart() {
        steps.clear();
    }

    /** It saw a register; {@code null} if there is nothing in it. Returns the element that it saw. */
    int saw(String key, @Nullable Cell cell) {
        int element = cell == null ? Step.NOTHING : cell.element();
        saw(key, element);
        return element;
    }

    void saw(String key, int element) {
        steps.add(new Step.Saw(key, element));
    }

    void replaced(String key, int over, int element) {
        steps.add(new Step.Replace(key, element, over));
    }

    void read(String key, List<Integer> list) {
        steps.add(new Step.Read(key, list));
    }

    void appended(String key, int element) {
        steps.add(new Step.Append(key, element));
    }

    List<Step> steps() {
        return steps;
    }

    /** When it began, by {@link System#nanoTime}. */
    long began() {
        return began;
    }

    /** The instant by which its view judges deadlines is this one or later, in milliseconds. */
    long notBefore() {
        return notBefore;
    }

    void judgesNotBefore(long millis) {
        notBefore = millis;
    }
}
