// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend.file;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Work on a thread of its own, which no caller can interrupt: an interrupt during an operation of a channel closes it under
 * everybody's feet.
 */
final class Uninterrupted<T> {
    private final FutureTask<T> task;

    private Uninterrupted(FutureTask<T> task) {
        this.task = task;
    }

    static <T> Uninterrupted<T> start(Executor executor, Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        executor.execute(task);
        return new Uninterrupted<>(task);
    }

    /** A new thread for each task, which does not keep the process alive. */
    static Executor threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        };
    }

    /** Waits for the result; an interrupt meanwhile is kept for later. */
    T result() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw asIOException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException asIOException(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof IOException failure ? failure : new IOException(e);
    }
}
