// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Codec;
import io.github.kvist.api.Index;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.KvException;
import io.github.kvist.api.Table;
import io.github.kvist.api.TableWriter;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Codecs and extractors that throw: the error says where, and nothing is half done. */
abstract class ErrorsContract extends StoreContract {

    private @Nullable Throwable failure;
    private @Nullable String failingAt;
    private Table<String, String> table;
    private Index<String, String> index;
    private Index<String, String> multi;

    private String pass(String place, String text) {
        if (place.equals(failingAt) && text.contains("bad")) {
            ErrorsContract.<RuntimeException>sneakyThrow(failure);
        }
        return text;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneakyThrow(Throwable throwable) throws T {
        throw (T) throwable;
    }

    @BeforeEach
    void define() {
        failingAt = null;
        index = Index.of("one", keys("index key"), value -> pass("extractor", value));
        multi = Index.multi("many", Keys.string(), value -> {
            List<String> all = new ArrayList<>(List.of(value, "x"));
            all.add(pass("second extractor", value) + "2");
            return all;
        });
        Codec<String> values = Values.of(
                "mine",
                value -> pass("value encoder", value).getBytes(),
                bytes -> pass("value decoder", new String(bytes)));
        table = Table.of("fragile", keys("key encoder"), values).with(index).with(multi);
        store.in(table).put("a", "good");
    }

    private KeyCodec<String> keys(String place) {
        return new KeyCodec<>() {
            @Override
            public String id() {
                return "fragile";
            }

            @Override
            public byte[] encode(String key) {
                return Keys.string().encode(pass(place, key));
            }

            @Override
            public String decode(byte[] source, int offset, int length) {
                return pass("key decoder", Keys.string().decode(source, offset, length));
            }

            @Override
            public Comparator<String> order() {
                return Keys.string().order();
            }
        };
    }

    @Test
    void failureNamesTheTableAndHasTheCause() {
        failure = new UnsupportedOperationException("CANARY");
        for (String place : List.of("key encoder", "value encoder", "extractor", "second extractor", "index key")) {
            failingAt = place;
            assertThatThrownBy(() -> store.in(table).put("bad", "bad"))
                    .as(place)
                    .isInstanceOf(KvException.CodecFailure.class)
                    .hasMessageContaining("fragile")
                    .hasMessageNotContaining("CANARY")
                    .hasCause(failure);
            requireOnlyTheGoodRecord();
        }
    }

    @Test
    void checkedExceptionsAreFailuresAndErrorsPassThrough() {
        failingAt = "extractor";
        failure = new IOException("sneaky");
        assertThatThrownBy(() -> store.in(table).put("b", "bad")).isInstanceOf(KvException.CodecFailure.class);

        failure = new StackOverflowError();
        assertThatThrownBy(() -> store.in(table).put("b", "bad")).isSameAs(failure);

        requireOnlyTheGoodRecord();
        failingAt = null;
        store.in(table).put("b", "bad");
        assertThat(store.in(table).count()).isEqualTo(2);
    }

    @Test
    void operationThatFailsInTheMiddleOfATransactionHasNoEffectAndTheTransactionGoesOn() {
        failure = new IllegalArgumentException("no");
        store.in(table).put("z", "z-bad");
        for (String place : List.of("value encoder", "extractor", "second extractor", "index key", "value decoder")) {
            store.update(tx -> {
                TableWriter<String, String> mine = tx.in(table);
                failingAt = place;
                Map<String, String> batch = new LinkedHashMap<>();
                batch.put("b", "fine");
                batch.put("z", "also bad");
                for (Runnable call : List.<Runnable>of(
                        () -> mine.put("z", "more bad"),
                        () -> mine.putAll(batch),
                        () -> mine.compute("z", old -> "bad again"))) {
                    assertThatThrownBy(call::run).as(place).isInstanceOf(KvException.CodecFailure.class);
                }
                if (!place.equals("value encoder")) {
                    assertThatThrownBy(() -> mine.delete("z")).isInstanceOf(KvException.CodecFailure.class);
                    assertThatThrownBy(() -> mine.deleteRange(KeyRange.atLeast("a")))
                            .isInstanceOf(KvException.CodecFailure.class);
                }
                failingAt = null;
                assertThat(mine.scan().values()).containsExactly("good", "z-bad");
                assertThat(mine.by(index).scan(KeyRange.all()).values()).containsExactly("good", "z-bad");
                mine.put("a", "good");
            });
        }
        assertThat(store.admin().verify().findings()).isEmpty();
    }

    @Test
    void decoderThatFailsSaysSoWhereItIsAsked() {
        failure = new IllegalArgumentException("no");
        store.in(table).put("b-bad", "bad");
        failingAt = "value decoder";

        assertThatThrownBy(() -> store.in(table).get("b-bad")).isInstanceOf(KvException.CodecFailure.class);
        assertThatThrownBy(() -> store.in(table).scan().toList()).isInstanceOf(KvException.CodecFailure.class);
        assertThat(store.in(table).scan().keys()).containsExactly("a", "b-bad");
        assertThat(store.in(table).contains("b-bad")).isTrue();
        failingAt = "key decoder";
        assertThatThrownBy(() -> store.in(table).scan().keys()).isInstanceOf(KvException.CodecFailure.class);
        assertThat(store.in(table).scan().values()).containsExactly("good", "bad");
    }

    @Test
    void clearNeedsNoDecoder() {
        failure = new IllegalArgumentException("no");
        store.in(table).put("b", "bad");
        failingAt = "value decoder";

        store.in(table).clear();

        assertThat(store.in(table).count()).isZero();
        assertThat(store.in(table).by(index).count(KeyRange.all())).isZero();
    }

    @Test
    void extractorThatGivesNullForAMultiIndexIsAFailure() {
        Index<String, String> none = Index.multi("none", Keys.string(), value -> null);
        Index<String, String> element = Index.multi("element", Keys.string(), value -> Arrays.asList("a", null));
        for (Index<String, String> wrong : List.of(none, element)) {
            Table<String, String> target =
                    Table.of("t" + wrong.name(), Keys.string(), Values.string()).with(wrong);
            assertThatThrownBy(() -> store.in(target).put("a", "1"))
                    .isInstanceOf(KvException.CodecFailure.class)
                    .hasMessageContaining(wrong.name())
                    .hasCauseInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void codecThatGivesNullIsAFailure() {
        Table<String, String> target = Table.of(
                "nulls",
                Keys.string(),
                Values.of("nulls", value -> value.isEmpty() ? null : value.getBytes(), bytes -> null));
        assertThatThrownBy(() -> store.in(target).put("a", "")).isInstanceOf(KvException.CodecFailure.class);

        store.in(target).put("a", "1");
        assertThatThrownBy(() -> store.in(target).get("a")).isInstanceOf(KvException.CodecFailure.class);
    }

    @Test
    void verifyFindsEntriesThatNoLongerMatchTheirExtractor() {
        boolean[] changed = {false};
        Index<String, String> moody = Index.of("moody", Keys.string(), value -> changed[0] ? "CANARY" : value);
        Table<String, String> target =
                Table.of("moods", Keys.string(), Values.string()).with(moody);
        store.in(target).put("a", "CANARIES");
        assertThat(store.admin().verify().clean()).isTrue();

        changed[0] = true;

        assertThat(store.admin().verify().findings())
                .hasSize(2)
                .allMatch(finding ->
                        finding.where().contains("moods") && finding.where().contains("moody"))
                .noneMatch(finding -> finding.toString().contains("CANARY"));
    }

    private void requireOnlyTheGoodRecord() {
        failingAt = null;
        assertThat(store.in(table).scan().values()).containsExactly("good");
        assertThat(store.in(table).by(index).count(KeyRange.all())).isEqualTo(1);
        assertThat(store.in(table).by(multi).count(KeyRange.all())).isEqualTo(3);
        assertThat(store.admin().verify().findings()).isEmpty();
    }
}
