// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException.Corrupt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CommitFormatTest {

    record Op(int kind, int keyspace, byte[] key, byte[] value, byte @Nullable [] to, long version, long deadline) {

        void write(CommitWriter writer) {
            switch (kind) {
                case 0 -> writer.put(keyspace, key, value, 0, value.length, version, deadline);
                case 1 -> writer.delete(keyspace, key);
                case 2 -> writer.deleteRange(keyspace, key, to);
                default -> writer.expire(keyspace, deadline);
            }
        }

        String shown() {
            return switch (kind) {
                case 0 ->
                    "put %d %s %s %d %d"
                            .formatted(keyspace, Arrays.toString(key), Arrays.toString(value), version, deadline);
                case 1 -> "delete %d %s".formatted(keyspace, Arrays.toString(key));
                case 2 -> "range %d %s %s".formatted(keyspace, Arrays.toString(key), Arrays.toString(to));
                default -> "expire %d %d".formatted(keyspace, deadline);
            };
        }
    }

    @Property
    void whatIsWrittenIsRead(@ForAll("commits") List<List<Op>> commits) {
        CommitWriter frame = write(commits);

        assertThat(read(frame)).isEqualTo(shown(commits));
    }

    @Property
    void operationsCanBeUndone(@ForAll("operations") List<Op> kept, @ForAll("operations") List<Op> undone) {
        CommitWriter writer = new CommitWriter(0, 0, 1);
        kept.forEach(op -> op.write(writer));
        CommitWriter.Mark mark = writer.mark();
        undone.forEach(op -> op.write(writer));
        writer.rollbackTo(mark);
        kept.forEach(op -> op.write(writer));

        List<Op> twice = new ArrayList<>(kept);
        twice.addAll(kept);
        assertThat(operations(CommitReader.operationsOf(writer, 0))).isEqualTo(shownOf(twice));
    }

    @Property(tries = 200)
    void aPayloadCutAnywhereIsRefusedOrEndsWithAWholeCommit(@ForAll("commits") List<List<Op>> commits) {
        CommitWriter frame = write(commits);
        List<List<String>> whole = shown(commits);
        for (int length = 0; length < frame.length(); length++) {
            byte[] cut = Arrays.copyOfRange(frame.buffer(), 64, 64 + length);
            List<List<String>> read;
            try {
                read = read(new CommitReader(cut, 0, cut.length, () -> "here"));
            } catch (Corrupt refused) {
                assertThat(refused).hasMessageContaining("here, byte ");
                continue;
            }
            assertThat(whole.subList(0, read.size())).isEqualTo(read);
        }
    }

    @Property(tries = 500)
    void noBytesAtAllMakeItFailInAnotherWay(@ForAll byte[] noise) {
        try {
            read(new CommitReader(noise, 0, noise.length, () -> "here"));
        } catch (Corrupt refused) {
            assertThat(refused).hasMessageContaining("restore a backup");
        }
    }

    @Test
    void anUnknownOperationIsRefusedWithItsPlace() {
        byte[] payload = {0, 0, 99, 1, 0, 0};

        assertThatThrownBy(() -> read(new CommitReader(payload, 0, payload.length, () -> "log 1, byte 64")))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("log 1, byte 64")
                .hasMessageContaining("operation 99");
    }

    private static CommitWriter write(List<List<Op>> commits) {
        CommitWriter frame = new CommitWriter(64, 8, 1);
        long millis = 1_700_000_000_000L;
        for (List<Op> commit : commits) {
            CommitWriter transaction = new CommitWriter(0, 0, 1);
            commit.forEach(op -> op.write(transaction));
            frame.startCommit(millis++, 77);
            frame.operations(transaction);
            frame.endCommit();
        }
        return frame;
    }

    private static List<List<String>> read(CommitWriter frame) {
        return read(new CommitReader(frame.buffer(), 64, frame.length(), () -> "here"));
    }

    private static List<List<String>> read(CommitReader reader) {
        List<List<String>> commits = new ArrayList<>();
        while (reader.nextCommit()) {
            commits.add(operations(reader));
        }
        return commits;
    }

    private static List<String> operations(CommitReader reader) {
        List<String> operations = new ArrayList<>();
        while (reader.nextOperation()) {
            byte[] value = reader.kind() == CommitReader.Kind.PUT
                    ? Arrays.copyOfRange(
                            reader.array(), reader.valueOffset(), reader.valueOffset() + reader.valueLength())
                    : new byte[0];
            operations.add(new Op(
                            reader.kind().ordinal(),
                            reader.keyspace(),
                            reader.key(),
                            value,
                            reader.to(),
                            reader.version(),
                            reader.deadline())
                    .shown());
        }
        return operations;
    }

    private static List<List<String>> shown(List<List<Op>> commits) {
        return commits.stream().map(CommitFormatTest::shownOf).toList();
    }

    private static List<String> shownOf(List<Op> operations) {
        return operations.stream().map(Op::shown).toList();
    }

    @Provide
    Arbitrary<List<List<Op>>> commits() {
        return operations().list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<Op>> operations() {
        Arbitrary<byte[]> keys = Arbitraries.bytes()
                .between((byte) 0, (byte) 2)
                .array(byte[].class)
                .ofMaxSize(6);
        Arbitrary<byte[]> values = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        Arbitrary<Long> deadlines = Arbitraries.oneOf(Arbitraries.just(Long.MAX_VALUE), Arbitraries.longs());
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 1 << 20),
                        keys,
                        values,
                        keys.injectNull(0.3),
                        Arbitraries.longs(),
                        deadlines)
                .as(Op::new)
                .list()
                .ofMaxSize(5);
    }
}
