// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.conformance;

import io.github.kvist.api.Capabilities;
import io.github.kvist.api.Durability;
import io.github.kvist.backend.Backend;
import io.github.kvist.backend.ChangeFeed;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Feed;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Sweeping;
import io.github.kvist.backend.View;
import io.github.kvist.testkit.ReferenceBackend;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Does all that the reference backend does, but for what a subclass does wrong. */
class WrongBackend implements Backend, ChangeFeed, Sweeping {

    final ReferenceBackend right;

    WrongBackend(ReferenceBackend right) {
        this.right = right;
    }

    /** Commits something else than it is told to. */
    static WrongBackend committing(ReferenceBackend right, UnaryOperator<Commit> wrong) {
        return new WrongBackend(right) {
            @Override
            public long commit(Commit commit) {
                return right.commit(wrong.apply(commit));
            }
        };
    }

    /** Forgets operations. */
    static WrongBackend forgetting(ReferenceBackend right, Predicate<Operation> forgotten) {
        return changing(
                right,
                operations -> operations.stream().filter(forgotten.negate()).toList());
    }

    /** Carries out other operations. */
    static WrongBackend changing(
            ReferenceBackend right, Function<List<? extends Operation>, List<? extends Operation>> wrong) {
        return committing(
                right,
                commit -> new Commit(
                        commit.conditions(),
                        commit.unchanged(),
                        wrong.apply(commit.operations()),
                        commit.durability()));
    }

    /** Shows something else than is there. */
    static WrongBackend showing(ReferenceBackend right, UnaryOperator<View> wrong) {
        return new WrongBackend(right) {
            @Override
            public View view() {
                return wrong.apply(right.view());
            }
        };
    }

    /** Tells something else than has happened. */
    static WrongBackend telling(ReferenceBackend right, UnaryOperator<Feed> wrong) {
        return new WrongBackend(right) {
            @Override
            public Feed follow(Scope scope, OptionalLong after, int buffer) {
                return wrong.apply(right.follow(scope, after, buffer));
            }
        };
    }

    @Override
    public Keyspace keyspace(String name) {
        return right.keyspace(name);
    }

    @Override
    public View view() {
        return right.view();
    }

    @Override
    public long commit(Commit commit) {
        return right.commit(commit);
    }

    @Override
    public long newVersion() {
        return right.newVersion();
    }

    @Override
    public long now() {
        return right.now();
    }

    @Override
    public long revision() {
        return right.revision();
    }

    @Override
    public boolean isShared() {
        return right.isShared();
    }

    @Override
    public Capabilities capabilities() {
        return right.capabilities();
    }

    @Override
    public String description() {
        return "a wrong backend";
    }

    @Override
    public Feed follow(Scope scope, OptionalLong after, int buffer) {
        return right.follow(scope, after, buffer);
    }

    @Override
    public long earliestDeadline() {
        return right.earliestDeadline();
    }

    @Override
    public long sweep(Predicate<String> counted, Durability durability) {
        return right.sweep(counted, durability);
    }

    @Override
    public void close() {
        right.close();
    }
}
