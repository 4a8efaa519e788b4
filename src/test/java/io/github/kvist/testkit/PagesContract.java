// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kvist.api.Capability;
import io.github.kvist.api.Entry;
import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Page;
import io.github.kvist.api.PageToken;
import io.github.kvist.api.Scan;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages and their tokens. */
@Needs(Capability.ORDERED_SCAN)
abstract class PagesContract extends StoreContract {

    @BeforeEach
    void fill() {
        for (int i = 0; i < 10; i++) {
            store.in(WORDS).put("k" + i, "v" + i);
            put(Person.of("p" + i, i % 2 == 0 ? "Oslo" : "Bergen", "x", "y" + i));
        }
    }

    private <K, V> List<K> walk(Scan<K, V> scan, int size) {
        List<K> keys = new ArrayList<>();
        Page<K, V> page = scan.page(size);
        page.entries().stream().map(Entry::key).forEach(keys::add);
        while (page.next().isPresent()) {
            // Through text, as a web API would.
            page = scan.after(PageToken.parse(page.next().get().toString())).page(size);
            assertThat(page.entries()).isNotEmpty();
            page.entries().stream().map(Entry::key).forEach(keys::add);
        }
        return keys;
    }

    @Test
    void pagesTogetherAreTheScan() {
        List<Scan<String, ?>> scans = List.of(
                store.in(WORDS).scan(),
                store.in(WORDS).scan().reverse(),
                store.in(WORDS).scan(KeyRange.closedOpen("k2", "k7")),
                store.in(WORDS).scan(KeyRange.closedOpen("k2", "k7")).reverse(),
                store.in(PEOPLE).by(BY_CITY).eq("Oslo"),
                store.in(PEOPLE).by(BY_CITY).scan(KeyRange.all()).reverse(),
                store.in(PEOPLE).by(BY_TAG).scan(KeyRange.all()));
        for (Scan<String, ?> scan : scans) {
            for (int size = 1; size <= 21; size++) {
                assertThat(walk(scan, size)).isEqualTo(scan.keys());
            }
        }
    }

    @Test
    void nextIsPresentExactlyIfSomethingFollows() {
        assertThat(store.in(WORDS).scan().page(9).next()).isPresent();
        assertThat(store.in(WORDS).scan().page(10).next()).isEmpty();
        assertThat(store.in(WORDS).scan().page(11).next()).isEmpty();
        assertThat(store.in(WORDS).scan(KeyRange.lessThan("a")).page(1))
                .isEqualTo(new Page<>(List.of(), Optional.empty()));
        assertThat(store.in(WORDS).scan().limit(3).page(3).next()).isEmpty();
        assertThat(store.in(WORDS).scan().limit(4).page(3).next()).isPresent();
    }

    @Test
    void nextPageGoesOnFromItsPlaceWhateverHappenedMeanwhile() {
        PageToken token = store.in(WORDS).scan().page(3).next().orElseThrow();

        store.in(WORDS).delete("k2");
        store.in(WORDS).delete("k3");
        store.in(WORDS).put("k11", "before");
        store.in(WORDS).put("k41", "after");

        assertThat(store.in(WORDS).scan().after(token).page(3).entries())
                .extracting(Entry::key)
                .containsExactly("k4", "k41", "k5");
    }

    @Test
    void directionAndTokenComeInAnyOrder() {
        Scan<String, String> scan = store.in(WORDS).scan();
        PageToken token = scan.reverse().page(3).next().orElseThrow();

        assertThat(scan.after(token).reverse().limit(2).keys()).containsExactly("k6", "k5");
        assertThat(scan.limit(2).reverse().after(token).keys()).containsExactly("k6", "k5");
    }

    @Test
    void tokenOfAnotherScanOrDirectionIsRefused() {
        PageToken token = store.in(WORDS).scan().page(3).next().orElseThrow();

        for (Scan<?, ?> other : List.<Scan<?, ?>>of(
                store.in(WORDS).scan().reverse(),
                store.in(WORDS).scan(KeyRange.prefix("k")),
                store.in(BLOBS).scan(),
                store.in(PEOPLE).scan(),
                store.in(PEOPLE).by(BY_CITY).scan(KeyRange.all()))) {
            assertThatThrownBy(() -> other.after(token).toList())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("page token");
        }
    }

    @Test
    void textThatIsNoTokenIsRefused() {
        String good = store.in(WORDS).scan().page(3).next().orElseThrow().toString();
        byte[] bytes = Base64.getUrlDecoder().decode(good);
        bytes[0] = 2;
        String newer = Base64.getUrlEncoder().encodeToString(bytes);

        for (String bad : List.of("", "x", "???", good.substring(0, 6), newer, "A".repeat(100))) {
            Scan<String, String> scan = store.in(WORDS).scan().after(PageToken.parse(bad));
            assertThatThrownBy(() -> scan.page(1)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tokenCannotLeadOutOfItsRange() {
        Scan<String, String> scan = store.in(WORDS).scan(KeyRange.closed("k3", "k5"));
        byte[] bytes =
                Base64.getUrlDecoder().decode(scan.page(1).next().orElseThrow().toString());
        bytes[bytes.length - 1] = '0';
        PageToken forged = PageToken.parse(Base64.getUrlEncoder().encodeToString(bytes));

        assertThatThrownBy(() -> scan.after(forged).toList()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tokenOutlivesTheStore() {
        PageToken token = store.in(WORDS).scan().page(8).next().orElseThrow();

        reopen();

        assertThat(store.in(WORDS).scan().after(token).keys()).containsExactly("k8", "k9");
    }

    @Test
    void sizeIsPositive() {
        for (int size : List.of(0, -1)) {
            assertThatThrownBy(() -> store.in(WORDS).scan().page(size)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(store.in(WORDS).scan().page(Integer.MAX_VALUE).entries()).hasSize(10);
    }
}
