// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.Kvist;
import io.github.kvist.api.Durability;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Commit;
import io.github.kvist.backend.Operation;
import io.github.kvist.backend.Stored;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.testkit.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fence as it is stored, on a system that other processes write to as well and on one that they do not. */
final class FenceNotesTest {
    private static final Table<String, String> TEXTS = Table.of("texts", Keys.string(), Values.string());
    private static final Fence.Raised WHY = new Fence.Raised("move-1", "postgresql://there");

    private final ReferenceBackend shared = ReferenceBackend.shared();

    @Test
    void definitionIsMarkedBehindAFenceAndPlainAgainWithoutIt() {
        byte[] definition = {1, 2, 3};
        byte[] marked = Fence.marked(definition);

        assertThat(marked).hasSize(4).endsWith(definition);
        assertThat(Fence.plain(marked, 0, 4)).isEqualTo(definition);
        assertThat(Fence.plain(definition, 0, 3)).isEqualTo(definition);
        assertThat(Fence.plain(marked, 1, 3)).containsExactly(1, 2);
        assertThat(Fence.plain(marked, 0, 0)).isEmpty();
    }

    @Test
    void everybodyIsRefusedByNameAndGoesOnWhenItIsLowered() {
        try (KvStore one = Kvist.open(shared, Options.defaults());
                KvStore other = Kvist.open(shared, Options.defaults())) {
            one.in(TEXTS).put("a", "1");
            other.in(TEXTS).put("b", "1");
            Fence fence = new Fence(shared);
            assertThat(fence.raise(WHY, List.of())).isPositive();

            assertThat(new Fence(shared).look()).contains(WHY);
            assertMoved(() -> one.in(TEXTS).put("a", "2"), "have moved to postgresql://there");
            assertMoved(() -> other.update(tx -> tx.in(TEXTS).put("a", "2")), "have moved to postgresql://there");
            assertThat(one.in(TEXTS).get("a")).contains("1");
            assertThatThrownBy(() -> new Fence(shared).raise(new Fence.Raised("move-2", "elsewhere"), List.of()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("are being moved already");

            assertThat(fence.lower(List.of())).isPositive();

            assertThat(new Fence(shared).look()).isEmpty();
            one.in(TEXTS).put("a", "3");
            other.in(TEXTS).put("b", "3");
        }
    }

    @Test
    void noteOfOneWordIsRead() {
        Operation note = new Operation.Put(
                shared.keyspace(KeyspaceNames.MIGRATION),
                "fence".getBytes(UTF_8),
                "move-1".getBytes(UTF_8),
                Stored.NEVER);
        shared.commit(new Commit(List.of(), List.of(note), Durability.SYNC));

        assertThat(new Fence(shared).look()).contains(new Fence.Raised("move-1", "move-1"));
    }

    @Test
    void fenceThatWentMeanwhileIsToldWithoutAPlace() {
        assertThat(new Fence(shared).found())
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining("have moved to another store");
    }

    @Test
    void whatComesAlongsideIsCommittedWithIt() {
        Operation alongside =
                new Operation.Put(shared.keyspace("s/other"), new byte[] {1}, new byte[] {2}, Stored.NEVER);
        Fence fence = new Fence(shared);

        fence.raise(WHY, List.of(alongside));
        assertThat(shared.get(shared.keyspace("s/other"), new byte[] {1})).isNotNull();
        fence.lower(List.of(new Operation.Delete(shared.keyspace("s/other"), new byte[] {1})));

        assertThat(shared.get(shared.keyspace("s/other"), new byte[] {1})).isNull();
    }

    private static void assertMoved(Runnable write, String message) {
        assertThatThrownBy(write::run)
                .isInstanceOf(KvException.Unsupported.class)
                .hasMessageContaining(message);
    }
}
