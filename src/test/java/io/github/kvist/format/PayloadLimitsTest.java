// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** How large a payload and its parts may be, and what is said beyond that. */
final class PayloadLimitsTest {
    private static final long NEVER = Long.MAX_VALUE;

    @Test
    void numberOfMoreThanTenBytesIsRefused() {
        byte[] payload = new byte[20];
        Arrays.fill(payload, (byte) 0x80);

        assertRefused(payload, "byte 10 of the payload: a number has more than ten bytes");
    }

    @Test
    void placeOfDamageIsCountedFromTheStartOfThePayload() {
        byte[] array = {9, 9, 9, 0, 0, 99};

        assertThatThrownBy(() -> {
                    CommitReader reader = new CommitReader(array, 3, 3, () -> "here");
                    assertThat(reader.nextCommit()).isTrue();
                    reader.skipOperations();
                })
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageContaining("here, byte 3 of the payload: the payload ends inside a commit");
    }

    @Test
    void numberOfTenBytesIsRead() {
        CommitWriter writer = new CommitWriter(0, 0, 0);
        writer.startCommit(-1, Long.MIN_VALUE);
        writer.endCommit();
        CommitReader reader = readerOf(writer);

        assertThat(reader.nextCommit()).isTrue();

        assertThat(reader.millis()).isEqualTo(-1);
        assertThat(reader.versions()).isEqualTo(Long.MIN_VALUE);
        assertThat(reader.nextOperation()).isFalse();
        assertThat(reader.nextCommit()).isFalse();
    }

    @Test
    void keyspaceBeyondAnIntegerIsRefused() {
        assertRefused(
                new byte[] {0, 0, 3, -1, -1, -1, -1, 8, 0, 0},
                "the number of a keyspace is 2415919103, above the 2147483647");
        assertRefused(
                new byte[] {0, 0, 3, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1, 0, 0},
                "the number of a keyspace is 18446744073709551615, above");
    }

    @Test
    void lengthsAreHeldAgainstWhatIsLeft() {
        assertRefused(new byte[] {0, 0, 3, 0, 1, 0, 0}, "the length of the shared part of a key is 1, above the 0");
        assertRefused(new byte[] {0, 0, 3, 0, 0, 2, 0}, "the length of a key is 2, above the 1");
        assertRefused(new byte[] {0, 0, 1, 0, 0, 0, 0, 2, 0}, "the length of a value is 2, above the 1");
        assertRefused(new byte[] {0, 0, 4, 0, 0, 0, 3, 0}, "the length of the end of a range is 2, above the 1");
        assertRefused(new byte[] {0, 0, 3, 0, 0, 1, 9}, "the payload ends inside a commit");
    }

    @Test
    void skippedOperationsLeadToTheNextCommit() {
        CommitWriter writer = new CommitWriter(0, 0, 0);
        for (int i = 1; i <= 2; i++) {
            writer.startCommit(i, i);
            writer.put(1, new byte[] {1}, new byte[] {2}, 0, 1, 1, NEVER);
            writer.delete(1, new byte[] {1, 2});
            writer.endCommit();
        }
        CommitReader reader = readerOf(writer);

        assertThat(reader.nextCommit()).isTrue();
        reader.skipOperations();

        assertThat(reader.nextCommit()).isTrue();
        assertThat(reader.millis()).isEqualTo(2);
        assertThat(reader.nextOperation()).isTrue();
        assertThat(reader.version()).isEqualTo(1);
        reader.skipOperations();
        assertThat(reader.nextCommit()).isFalse();
    }

    @Test
    void writerGrowsAndKeepsTheRoomBeforeAndBehind() {
        CommitWriter writer = new CommitWriter(64, 8, 0);
        byte[] value = new byte[1000];
        Arrays.fill(value, (byte) 7);
        for (int i = 0; i < 20; i++) {
            writer.put(1, new byte[i], value, i, value.length - i, i, NEVER);
            assertThat(writer.buffer().length).isGreaterThanOrEqualTo(64 + writer.length() + 8);
        }

        CommitReader reader = CommitReader.operationsOf(writer, 64);
        for (int i = 0; i < 20; i++) {
            assertThat(reader.nextOperation()).isTrue();
            assertThat(reader.key()).hasSize(i);
            assertThat(reader.valueLength()).isEqualTo(value.length - i);
            assertThat(reader.array()[reader.valueOffset() + reader.valueLength() - 1])
                    .isEqualTo((byte) 7);
        }
        assertThat(reader.nextOperation()).isFalse();
    }

    @Test
    void everyOperationFindsRoomHoweverFullTheWriterIs() {
        byte[] key = new byte[30];
        for (int filled = 0; filled < 120; filled++) {
            CommitWriter writer = new CommitWriter(3, 5, 128);
            writer.put(1, new byte[0], new byte[filled], 0, filled, 0, NEVER);
            writer.put(Integer.MAX_VALUE, key, key, 0, key.length, Long.MIN_VALUE, Long.MIN_VALUE);
            assertTailRoom(writer);
            writer.delete(Integer.MAX_VALUE, new byte[] {1});
            assertTailRoom(writer);
            writer.deleteRange(Integer.MAX_VALUE, key, key);
            assertTailRoom(writer);
            writer.deleteRange(Integer.MAX_VALUE, new byte[] {2}, null);
            assertTailRoom(writer);
            writer.expire(Integer.MAX_VALUE, Long.MIN_VALUE);
            assertTailRoom(writer);
        }
    }

    @Test
    void frameLargerThanAnArrayIsRefusedBeforeItIsBegun() {
        CommitWriter writer = new CommitWriter(64, 8, 16);

        assertThatThrownBy(() -> writer.put(1, new byte[] {1}, new byte[0], 0, Integer.MAX_VALUE - 80, 1, NEVER))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessageContaining("larger than an array may be");

        assertThat(writer.length()).isZero();
    }

    @Test
    void clearedWriterForgetsWhatWasWritten() {
        CommitWriter writer = new CommitWriter(0, 0, 100);
        writer.put(1, new byte[] {1, 2, 3}, new byte[0], 0, 0, 50, NEVER);
        writer.clear();
        writer.put(1, new byte[] {1, 2}, new byte[0], 0, 0, 7, NEVER);

        assertKeyAndVersion(CommitReader.operationsOf(writer, 0));
    }

    @Test
    void cutWriterGoesOnWithANewCommit() {
        CommitWriter writer = new CommitWriter(4, 0, 100);
        writer.startCommit(1, 1);
        writer.endCommit();
        int whole = writer.length();
        writer.startCommit(2, 2);
        writer.put(1, new byte[] {1, 2, 3}, new byte[0], 0, 0, 50, NEVER);

        writer.truncate(whole);
        assertThat(writer.length()).isEqualTo(whole);
        writer.startCommit(3, 3);
        writer.put(1, new byte[] {1, 2}, new byte[0], 0, 0, 7, NEVER);
        writer.endCommit();

        CommitReader reader = new CommitReader(writer.buffer(), 4, writer.length(), () -> "here");
        assertThat(reader.nextCommit()).isTrue();
        assertThat(reader.nextOperation()).isFalse();
        assertThat(reader.nextCommit()).isTrue();
        assertThat(reader.millis()).isEqualTo(3);
        assertKeyAndVersion(reader);
    }

    @Test
    void keyMayBeLongerThanAllBeforeIt() {
        CommitWriter writer = new CommitWriter(0, 0, 0);
        byte[] key = new byte[300];
        for (int length : new int[] {10, 64, 65, 130, 300, 299}) {
            writer.delete(1, Arrays.copyOf(key, length));
        }

        CommitReader reader = CommitReader.operationsOf(writer, 0);
        for (int length : new int[] {10, 64, 65, 130, 300, 299}) {
            assertThat(reader.nextOperation()).isTrue();
            assertThat(reader.key()).isEqualTo(new byte[length]);
        }
    }

    @Test
    void keyChangedAfterwardsSpoilsNothing() {
        CommitWriter writer = new CommitWriter(0, 0, 0);
        byte[] key = {1, 2, 3};
        writer.delete(1, key);
        key[1] = 9;
        writer.delete(1, key);

        CommitReader reader = CommitReader.operationsOf(writer, 0);
        assertThat(reader.nextOperation()).isTrue();
        assertThat(reader.key()).containsExactly(1, 2, 3);
        assertThat(reader.nextOperation()).isTrue();
        assertThat(reader.key()).containsExactly(1, 9, 3);
    }

    private static void assertKeyAndVersion(CommitReader reader) {
        assertThat(reader.nextOperation()).isTrue();
        assertThat(reader.key()).containsExactly(1, 2);
        assertThat(reader.version()).isEqualTo(7);
        assertThat(reader.nextOperation()).isFalse();
    }

    private static void assertTailRoom(CommitWriter writer) {
        assertThat(writer.buffer().length).isGreaterThanOrEqualTo(3 + writer.length() + 5);
    }

    private static CommitReader readerOf(CommitWriter writer) {
        return new CommitReader(writer.buffer(), 0, writer.length(), () -> "here");
    }

    private static void assertRefused(byte[] payload, String message) {
        assertThatThrownBy(() -> {
                    CommitReader reader = new CommitReader(payload, 0, payload.length, () -> "here");
                    while (reader.nextCommit()) {
                        reader.skipOperations();
                    }
                })
                .isInstanceOf(KvException.Corrupt.class)
                .hasMessageStartingWith("here, byte ")
                .hasMessageContaining(message);
    }
}
