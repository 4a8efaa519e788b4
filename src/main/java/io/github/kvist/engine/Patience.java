// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for work of our own threads without giving up when the waiting thread is interrupted; the interrupt is kept. */
final class Patience {

    private Patience() {}

    static <R> R result(Future<R> work) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException kept) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns when the work has ended, however that was: for those whom its failures do not concern. */
    static void await(Future<?> work) {
        try {
            result(work);
        } catch (ExecutionException reported) {
            // By the work itself, as far as there was memory to do so.
        }
    }
}
