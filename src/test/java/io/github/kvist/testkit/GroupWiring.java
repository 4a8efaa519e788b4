// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstances;

/** Gives a group of tests the homes of the class that it is nested in. */
final class GroupWiring implements BeforeEachCallback {

    @Override
    public void beforeEach(ExtensionContext context) {
        TestInstances instances = context.getRequiredTestInstances();
        KvStoreContract stores = instances.findInstance(KvStoreContract.class).orElseThrow();
        instances.findInstance(StoreContract.class).orElseThrow().keepIn(stores);
    }
}
