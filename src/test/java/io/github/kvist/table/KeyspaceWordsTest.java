// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Finding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How keyspaces, keys and definitions are named to people. */
final class KeyspaceWordsTest {

    @Test
    void keyspaceIsNamedByWhatItHolds() {
        assertThat(StoredKeyspaces.described(KeyspaceNames.records("a/b"))).isEqualTo("table a/b");
        assertThat(StoredKeyspaces.described(KeyspaceNames.index("a/b", "by%c")))
                .isEqualTo("index by%c of table a/b");
        assertThat(StoredKeyspaces.described(KeyspaceNames.DEFINITIONS)).isEqualTo("the definitions of tables");
        assertThat(StoredKeyspaces.described(KeyspaceNames.MIGRATION)).isEqualTo("the store's own notes");
    }

    @Test
    void keyIsShownByItsFirstBytes() {
        assertThat(FindingList.shown(new byte[16])).isEqualTo("0x" + "00".repeat(16));
        assertThat(FindingList.shown(new byte[17])).isEqualTo("0x" + "00".repeat(16) + "…");
        assertThat(FindingList.shown(new byte[0])).isEqualTo("0x");
    }

    @Test
    void findingsBeyondAHundredAreCounted() {
        List<Finding> findings = new ArrayList<>();
        FindingList list = new FindingList("there", findings);
        for (int i = 0; i < 100; i++) {
            list.add("what");
        }
        list.end();
        assertThat(findings).hasSize(100);

        list.add("inside", "what");
        list.end();

        assertThat(findings).hasSize(101).last().isEqualTo(new Finding("there", "1 more findings are not listed."));
    }

    @Test
    void definitionsDifferByTheFirstThingThatDiffers() {
        Definition definition = new Definition("k", "v", List.of());

        assertThat(definition.differenceFrom(new Definition("j", "w", List.of())))
                .isEqualTo("keys by the codec k and not j");
        assertThat(definition.differenceFrom(new Definition("k", "w", List.of())))
                .isEqualTo("values by the codec v and not w");
        assertThat(definition.differenceFrom(definition)).isEqualTo("the indexes [] and not []");
        assertThat(definition.hasCodecsOf(new Definition("k", "v", List.of()))).isTrue();
        assertThat(definition.hasCodecsOf(new Definition("k", "w", List.of()))).isFalse();
        assertThat(definition.hasCodecsOf(new Definition("j", "v", List.of()))).isFalse();
        assertThat(definition.indexesNotIn(null)).isEmpty();
    }
}
