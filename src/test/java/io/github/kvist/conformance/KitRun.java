// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.testkit.KitReport;
import io.github.kvist.testkit.KvStoreContract;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.NestedClassSelector;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A run of some groups of the kit inside a test, and how it went. */
final class KitRun implements TestExecutionListener {

    final List<String> failed = new ArrayList<>();
    final List<String> passed = new ArrayList<>();

    private KitRun() {}

    /** Runs groups of the kit; its report goes to {@code directory}. */
    static KitRun of(Class<?> store, Path directory, String... groups) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        Arrays.stream(groups).map(group -> group(store, group)).toList())
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .configurationParameter(KitReport.DIRECTORY, directory.toString())
                .build();
        KitRun run = new KitRun();
        LauncherFactory.create().execute(request, run);
        return run;
    }

    private static NestedClassSelector group(Class<?> store, String group) {
        return DiscoverySelectors.selectNestedClass(
                List.of(store.getName()), KvStoreContract.class.getName() + "$" + group);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            failed.add(test.getDisplayName());
        } else if (test.isTest() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            passed.add(test.getDisplayName());
        }
    }
}
