// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import io.github.kvist.testkit.KitReport;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/**
 * Names tests of the project: {@code backend.file.CrashTest#aMethod}, a class alone, or {@code HeapStoreTest/Watches#aMethod} for
 * what a group of the conformance kit, in which {@code [2]} behind a method takes only its second run.
 */
final class Detector {
    private static final Pattern FORM = Pattern.compile("([\\w.]+?)(/(\\w+))?(#(\\w+)(\\[(\\d+)])?)?");
    private static final String REPORTS =
            Path.of("target", "kvist-museum").toAbsolutePath().toString();

    private Detector() {}

    /** What runs them in the world of {@code loader}. */
    static LauncherDiscoveryRequest request(ClassLoader loader, String detector) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(selector(loader, detector))
                .filters(EngineFilter.includeEngines("junit-jupiter", "jqwik"))
                .configurationParameter(KitReport.DIRECTORY, REPORTS)
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .configurationParameter("junit.jupiter.extensions.autodetection.include", FirstFailure.class.getName())
                // What fails here fails on purpose: nobody is to hear of it, or to remember it, and the first sample
                // will do.
                .configurationParameter("jqwik.database", "")
                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                .configurationParameter("jqwik.shrinking.default", "OFF")
                .build();
    }

    private static DiscoverySelector selector(ClassLoader loader, String detector) {
        Matcher form = FORM.matcher(detector);
        if (!form.matches()) {
            throw new IllegalArgumentException(detector + " names no test.");
        }
        Class<?> type = load(loader, form.group(1));
        @Nullable String group = form.group(3);
        Class<?> holder = group == null ? type : load(loader, "testkit.KvStoreContract$" + group);
        if (form.group(5) == null) {
            return group == null
                    ? DiscoverySelectors.selectClass(type)
                    : DiscoverySelectors.selectNestedClass(List.of(type), holder);
        }
        Method method = method(holder, form.group(5));
        DiscoverySelector selector = group == null
                ? DiscoverySelectors.selectMethod(type, method)
                : DiscoverySelectors.selectNestedMethod(List.of(type), holder, method);
        @Nullable String run = form.group(7);
        return run == null ? selector : DiscoverySelectors.selectIteration(selector, Integer.parseInt(run) - 1);
    }

    private static Class<?> load(ClassLoader loader, String name) {
        try {
            return Class.forName(Patch.PROJECT + name, false, loader);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("There is no test " + name + " any more. Adjust the exhibits that name it.", e);
        }
    }

    private static Method method(Class<?> type, String name) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                if (method.getName().equals(name) && !method.isBridge()) {
                    return method;
                }
            }
        }
        throw new AssertionError("There is no test " + type.getName() + "#" + name + " any more, only "
                + Arrays.stream(type.getDeclaredMethods()).map(Method::getName).toList()
                + ". Adjust the exhibits that name it.");
    }
}
