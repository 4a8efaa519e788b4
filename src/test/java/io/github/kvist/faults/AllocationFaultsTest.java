// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whichever allocation of a store fails, on whatever thread: the caller is told, a commit is there wholly or not at all, no lock
 * stays held, and the store goes on or says that it does not.
 */
@Tag("campaign")
final class AllocationFaultsTest {

    private static final String OURS = "io.github.kvist.";

    /** Their allocations fail. */
    private static final String ROOMS =
            "io\\.github\\.kvist\\.(engine|wal|checkpoint|tree|format|backend\\.file|table)\\..*";

    private static final long STRIDE = Scale.pick(211, 1, 1);
    private static final long PATIENCE_SECONDS = 30;

    /** More of them tell little more. */
    private static final int VIOLATIONS_MAX = 10;

    private final Campaign campaign = new Campaign("out of memory at the n-th allocation");

    @Test
    void anyAllocationMayFail() throws Exception {
        RewritingLoader loader = new RewritingLoader(
                getClass().getClassLoader(),
                name -> name.startsWith(OURS) && !name.startsWith(Allocations.class.getName()),
                (name, code) -> name.matches(ROOMS) ? Allocations.rewritten(code) : code);
        LongPredicate program = (LongPredicate) loader.loadClass(StarvedProgram.class.getName())
                .getConstructor()
                .newInstance();
        assertThat(run(program, Long.MAX_VALUE)).isFalse(); // every class is initialized
        assertThat(run(program, Long.MAX_VALUE)).isFalse();
        long allocations = Allocations.passed();

        boolean failed = true;
        List<AssertionError> violations = new ArrayList<>();
        for (long nth = 1; (failed || nth <= allocations) && violations.size() < VIOLATIONS_MAX; nth += STRIDE) {
            try {
                failed = run(program, nth);
            } catch (AssertionError violation) {
                violations.add(violation);
            }
            campaign.count("runs");
        }
        SoftAssertions.assertSoftly(
                all -> violations.forEach(violation -> all.fail(violation.getMessage(), violation)));

        campaign.count("allocations in a run", allocations);
        campaign.count("places that allocate", Allocations.sites());
        campaign.count("of them reached", Allocations.reached());
        campaign.count("of them failed", Allocations.failed());
        campaign.atLeast("runs", allocations / STRIDE / 2);
        campaign.end();
    }

    private boolean run(LongPredicate program, long nth) throws InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(() -> program.test(nth));
        Thread thread = new Thread(task, "program");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException violated) {
            throw new AssertionError(
                    "allocation " + nth + " failed: " + Allocations.failedAt() + "\n" + violated.getCause(),
                    violated.getCause());
        } catch (TimeoutException stuck) {
            throw new AssertionError("allocation " + nth + " failed: " + Allocations.failedAt()
                    + "; somebody waits for ever:\n" + stacks());
        }
    }

    private static String stacks() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().matches("kvist.*|program"))
                .map(AllocationFaultsTest::stack)
                .collect(Collectors.joining("\n\n"));
    }

    private static String stack(Map.Entry<Thread, StackTraceElement[]> thread) {
        StringBuilder text = new StringBuilder(thread.getKey().getName());
        for (StackTraceElement frame : thread.getValue()) {
            text.append("\n    ").append(frame);
        }
        return text.toString();
    }
}
