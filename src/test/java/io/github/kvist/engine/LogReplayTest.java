// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.KvException.Corrupt;
import io.github.kvist.api.Retention;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.format.CommitWriter;
import io.github.kvist.tree.RadixTree;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Frames of the log applied to a checkpoint: which roots are kept, and what no log of ours can say. */
final class LogReplayTest {
    private static final int KEYSPACE = 1;
    private static final Retention YOUNG = new Retention(0, Duration.ofMillis(3_500), 1 << 20);
    private static final Image EMPTY = new Image(0, 0, 0, List.of());

    @Test
    void framesFollowTheCheckpointAndEachOther() {
        LogReplay replay = new LogReplay(new Image(2, 20, 500, List.of()), keeping(10));
        frame(replay, 3, commit(600, 30, "a"), commit(700, 31, "b"));
        frame(replay, 5, commit(650, 25, "c"));

        Revisions revisions = replay.revisions();

        assertThat(revisions.newest().revision).isEqualTo(5);
        assertThat(revisions.newest().millis).isEqualTo(700);
        assertThat(revisions.newest().tree(KEYSPACE).count()).isEqualTo(3);
        assertThat(replay.versions()).isEqualTo(31);
    }

    @Test
    void commitsThatTheCheckpointHasAreNotDoneTwice() {
        RadixTree tree = RadixTree.empty().put(bytes("a"), bytes("old"), 0, 3, 1, RadixTree.NEVER);
        LogReplay replay = new LogReplay(new Image(2, 2, 0, List.of(RadixTree.empty(), tree)), keeping(10));
        frame(replay, 1, commit(0, 1, "a"), commit(0, 2, "b"), commit(0, 3, "c"));

        Root newest = replay.revisions().newest();

        assertThat(newest.revision).isEqualTo(3);
        assertThat(newest.tree(KEYSPACE).contains(bytes("b"))).isFalse();
        assertThat(newest.tree(KEYSPACE).contains(bytes("c"))).isTrue();
        assertThat(newest.tree(KEYSPACE).get(bytes("a")).length()).isEqualTo(3);
    }

    @Test
    void gapBetweenFramesIsRefused() {
        LogReplay replay = new LogReplay(EMPTY, keeping(10));
        frame(replay, 1, commit(0, 1, "a"));
        frame(replay, 3, commit(0, 2, "b"));

        assertThatThrownBy(replay::revisions)
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("there: the frame begins with revision 3, but revision 1 came before it");
    }

    @Test
    void asManyRevisionsAreKeptAsWasAskedFor() {
        for (long kept : new long[] {0, 1, 3, 5, 100}) {
            LogReplay replay = new LogReplay(EMPTY, keeping(kept));
            for (int i = 1; i <= 10; i++) {
                frame(replay, i, commit(i, i, "k" + i));
            }

            Revisions revisions = replay.revisions();

            assertThat(revisions.newest().tree(KEYSPACE).count()).isEqualTo(10);
            assertThat(revisions.oldestReadable(revisions.newest(), 10)).isEqualTo(Math.max(0, 10 - kept));
        }
    }

    @Test
    void youngRevisionsAreKeptHoweverMany() {
        LogReplay replay = new LogReplay(EMPTY, YOUNG);
        for (int i = 1; i <= 10; i++) {
            frame(replay, i, commit(1_000L * i, i, "k" + i));
        }

        Revisions revisions = replay.revisions();

        assertThat(revisions.oldestReadable(revisions.newest(), 10_000)).isEqualTo(7);
    }

    @Test
    void framesLargerThanTheHistoryAreNotHeldBack() {
        LogReplay replay = new LogReplay(EMPTY, new Retention(100, Duration.ZERO, 60));
        frame(replay, 1, commit(0, 1, "a"));
        frame(replay, 2, commit(0, 2, "b".repeat(100)));
        frame(replay, 3, commit(0, 3, "c"));

        Revisions revisions = replay.revisions();

        assertThat(revisions.newest().tree(KEYSPACE).count()).isEqualTo(3);
        assertThat(revisions.newest().revision).isEqualTo(3);
        assertThat(revisions.oldest().revision).isGreaterThanOrEqualTo(2);
    }

    @Test
    void emptyFrameIsNothing() {
        LogReplay replay = new LogReplay(EMPTY, YOUNG);
        frame(replay, 1);
        frame(replay, 1, commit(5, 1, "a"));

        assertThat(replay.revisions().newest().revision).isEqualTo(1);
    }

    @Test
    void keyLongerThanAnyIsRefused() {
        LogReplay replay = new LogReplay(EMPTY, keeping(10));
        frame(replay, 1, commit(0, 1, "k".repeat(RadixTree.KEY_BYTES_MAX)));
        assertThat(replay.revisions().newest().revision).isEqualTo(1);

        LogReplay wrong = new LogReplay(EMPTY, keeping(10));
        frame(wrong, 1, commit(0, 1, "k".repeat(RadixTree.KEY_BYTES_MAX + 1)));
        assertThatThrownBy(wrong::revisions)
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("there: an operation on keyspace 1 with a key of 16385 bytes");
    }

    @Test
    void numberOfAKeyspaceThatNobodyHasIsRefused() {
        CommitWriter writer = new CommitWriter(0, 0, 0);
        writer.startCommit(0, 1);
        writer.delete(Keyspaces.NUMBER_MAX + 1, bytes("k"));
        writer.endCommit();
        LogReplay replay = new LogReplay(EMPTY, keeping(10));
        replay.frame(1, writer.buffer(), 0, writer.length(), () -> "there");

        assertThatThrownBy(replay::revisions)
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("there: an operation on keyspace " + (Keyspaces.NUMBER_MAX + 1));
    }

    @Test
    void sweepInTheLogIsASweep() {
        CommitWriter writer = new CommitWriter(0, 0, 0);
        writer.startCommit(50, 1);
        writer.put(KEYSPACE, bytes("a"), bytes("v"), 0, 1, 1, 100);
        writer.put(KEYSPACE, bytes("b"), bytes("v"), 0, 1, 2, 101);
        writer.endCommit();
        writer.startCommit(100, 1);
        writer.expire(KEYSPACE, 100);
        writer.endCommit();
        LogReplay replay = new LogReplay(EMPTY, keeping(10));
        replay.frame(1, writer.buffer(), 0, writer.length(), () -> "there");

        Revisions revisions = replay.revisions();

        assertThat(revisions.newest().isSweep).isTrue();
        assertThat(revisions.newest().tree(KEYSPACE).count()).isEqualTo(1);
        assertThat(revisions.at(1)).isNotNull();
        assertThat(revisions.at(1).isSweep).isFalse();
    }

    private static Retention keeping(long revisions) {
        return new Retention(revisions, Duration.ZERO, 1 << 20);
    }

    private record Commit(long millis, long versions, String key) {}

    private static Commit commit(long millis, long versions, String key) {
        return new Commit(millis, versions, key);
    }

    private static void frame(LogReplay replay, long firstRevision, Commit... commits) {
        CommitWriter writer = new CommitWriter(3, 0, 0);
        for (Commit commit : commits) {
            writer.startCommit(commit.millis, commit.versions);
            writer.put(KEYSPACE, bytes(commit.key), new byte[1], 0, 1, commit.versions, Long.MAX_VALUE);
            writer.endCommit();
        }
        replay.frame(firstRevision, writer.buffer(), 3, writer.length(), () -> "there");
    }
}
