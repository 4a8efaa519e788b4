// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherFactory;

/** A run of a detector in a world of its own, at the small scale, and how it went. */
final class DetectorRun implements TestExecutionListener {

    /** A broken store may wait for ever, and that is no way of being caught. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private static final String SCALE = "kvist.scale";

    /** They would tell of what fails here on purpose. Held here, or their levels would be forgotten. */
    private static final List<Logger> LOGS =
            List.of(Logger.getLogger("io.github.kvist"), Logger.getLogger("net.jqwik"));

    private final long began = System.nanoTime();
    private int passed;
    private @Nullable Throwable failure;
    private String failedTest = "";
    private Duration untilFailure = Duration.ZERO;

    private DetectorRun() {}

    /** Runs the tests as they are in the world of {@code loader}. */
    static DetectorRun of(String detector, ClassLoader loader) {
        DetectorRun run = new DetectorRun();
        String scale = System.setProperty(SCALE, "small");
        LOGS.forEach(log -> log.setLevel(Level.OFF));
        try {
            run.onThread(detector, loader);
        } finally {
            LOGS.forEach(log -> log.setLevel(null));
            if (scale == null) {
                System.clearProperty(SCALE);
            } else {
                System.setProperty(SCALE, scale);
            }
        }
        return run;
    }

    private void onThread(String detector, ClassLoader loader) {
        @Nullable Throwable[] escaped = new @Nullable Throwable[1];
        Thread thread = new Thread(() -> execute(Detector.request(loader, detector)), "museum");
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        thread.setUncaughtExceptionHandler((one, thrown) -> escaped[0] = thrown);
        thread.start();
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            throw new AssertionError(detector + " was interrupted", e);
        }
        if (thread.isAlive()) {
            AssertionError hangs = new AssertionError(detector + " still runs after " + LIMIT + ". Give it a timeout.");
            hangs.setStackTrace(thread.getStackTrace());
            thread.interrupt();
            throw hangs;
        }
        if (escaped[0] != null) {
            throw new AssertionError(detector + " could not be run", escaped[0]);
        }
    }

    private void execute(LauncherDiscoveryRequest request) {
        LauncherConfig bare = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build();
        LauncherFactory.create(bare).execute(request, this);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            passed++;
        } else if (failure == null && result.getStatus() == TestExecutionResult.Status.FAILED) {
            failure = result.getThrowable().orElseGet(AssertionError::new);
            failedTest = name(test);
            untilFailure = Duration.ofNanos(System.nanoTime() - began);
        }
    }

    private static String name(TestIdentifier test) {
        TestSource source = test.getSource().orElse(null);
        if (source instanceof MethodSource method) {
            String type = method.getClassName();
            return type.substring(1 + Math.max(type.lastIndexOf('.'), type.lastIndexOf('$'))) + "."
                    + method.getMethodName();
        }
        return test.getDisplayName();
    }

    int passed() {
        return passed;
    }

    /** What the first test that failed failed with; {@code null} if none did. */
    @Nullable
    Throwable failure() {
        return failure;
    }

    /** That test. */
    String failedTest() {
        return failedTest;
    }

    /** How long it took until then. */
    Duration untilFailure() {
        return untilFailure;
    }
}
