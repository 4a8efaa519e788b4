// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstances;
import org.junit.jupiter.api.extension.TestWatcher;

/** Writes the {@link KitReport} of a class that extends {@link KvStoreContract}, when the last of its tests has ended. */
final class KitObserver implements TestWatcher, AfterAllCallback {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(KitObserver.class);

    @Override
    public void testSuccessful(ExtensionContext context) {
        note(context, report -> report.passed(group(context)));
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        String test = context.getRequiredTestMethod().getName();
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        note(context, report -> report.skipped(group(context), test, message.replace("Assumption failed: ", "")));
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        note(context, report -> report.failed(group(context)));
    }

    private static String group(ExtensionContext context) {
        return context.getRequiredTestClass().getSimpleName();
    }

    private static void note(ExtensionContext context, Consumer<KitReport> what) {
        Optional<TestInstances> instances = context.getTestInstances();
        instances.flatMap(all -> all.findInstance(KvStoreContract.class)).ifPresent(contract -> {
            KitReport report = report(context, contract.getClass());
            what.accept(report);
            instances
                    .flatMap(all -> all.findInstance(StoreContract.class))
                    .ifPresent(group -> report.claims(group.claims()));
        });
    }

    private static KitReport report(ExtensionContext context, Class<?> store) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(store, key -> new KitReport(store.getName()), KitReport.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Class<?> test = context.getRequiredTestClass();
        if (KvStoreContract.class.isAssignableFrom(test)) {
            Optional<String> directory = context.getConfigurationParameter(KitReport.DIRECTORY);
            report(context, test).write(Path.of(directory.orElse(KitReport.DIRECTORY_BY_DEFAULT)));
        }
    }
}
