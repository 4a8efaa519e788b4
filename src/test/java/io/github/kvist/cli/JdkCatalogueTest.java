// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class JdkCatalogueTest {
    private static final List<JdkClass> JAVA_BASE = JdkCatalogue.ofModule("java.base").files().stream()
            .map(JdkCatalogue::read)
            .toList();

    @Test
    void everyClassOfJavaBaseIsRead() {
        assertThat(JAVA_BASE)
                .hasSizeGreaterThan(5_000)
                .allSatisfy(type -> assertThat(type.sizeBytes()).isPositive())
                .extracting(JdkClass::name)
                .contains("java.lang.Object", "java.lang.String", "java.util.Map$Entry")
                .doesNotContain("module-info")
                .doesNotHaveDuplicates();
    }

    @Test
    void everyNamedSuperclassAndInterfaceOfJavaBaseIsInIt() {
        Set<String> names = new HashSet<>();
        JAVA_BASE.forEach(type -> names.add(type.name()));

        assertThat(JAVA_BASE).allSatisfy(type -> {
            assertThat(names).containsAll(type.interfaces());
            assertThat(type.superclass() == null || names.contains(type.superclass()))
                    .isTrue();
        });
    }

    @Test
    void thisJdkHasMoreModulesThanOne() {
        assertThat(JdkCatalogue.ofThisJdk().files()).hasSizeGreaterThan(JAVA_BASE.size());
    }
}
