// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.ProgressListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What was told of a long piece of work, until it had heard enough. */
final class ProgressLog implements ProgressListener {

    /** Ends the work. */
    static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    final List<Long> done = new ArrayList<>();
    final Set<Long> totals = new TreeSet<>();
    private final int enough;

    ProgressLog() {
        this(Integer.MAX_VALUE);
    }

    /** Takes so many calls and throws {@link Enough} from the next. */
    ProgressLog(int enough) {
        this.enough = enough;
    }

    @Override
    public void progressed(long done, long total) {
        if (this.done.size() == enough) {
            throw new Enough();
        }
        this.done.add(done);
        totals.add(total);
    }

    void requireRisingTo(long end, long total) {
        assertThat(totals).containsExactly(total);
        assertThat(done).isSorted().endsWith(end);
        assertThat(done.get(0)).isLessThan(end);
        assertThat(Set.copyOf(done)).hasSizeGreaterThan(4);
    }
}
