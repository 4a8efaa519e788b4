// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.Kvist;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.backend.Backend;
import io.github.kvist.engine.Engine;
import io.github.kvist.testkit.HeapStorage;
import io.github.kvist.testkit.KvStoreContract;
import io.github.kvist.testkit.StoreHome;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** A store on the built-in engine, for bugs in the seams that only it has. */
abstract class WrongEngine extends KvStoreContract {

    /** Answers one call, wrongly or by {@link #rightly}. */
    abstract @Nullable Object answer(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable;

    static @Nullable Object rightly(Engine engine, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(engine, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }

    @Override
    protected StoreHome newHome() {
        return new StoreHome() {
            private HeapStorage storage = new HeapStorage();

            @Override
            public KvStore open(Options options) {
                storage = storage.afterCrash();
                Engine engine = Engine.open(storage, options);
                return Kvist.open(
                        (Backend) Proxy.newProxyInstance(
                                Backend.class.getClassLoader(),
                                Engine.class.getInterfaces(),
                                (proxy, method, arguments) -> answer(engine, method, arguments)),
                        options);
            }
        };
    }
}
