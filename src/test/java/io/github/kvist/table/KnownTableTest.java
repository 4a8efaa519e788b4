// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Table;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import org.junit.jupiter.api.Test;

/** What a store remembers of the stored definition of a table, so that writes need not look at it. */
final class KnownTableTest {
    private static final Table<String, String> TABLE = Table.of("texts", Keys.string(), Values.string());

    private final KnownTable table = new KnownTable(TABLE, Definition.of(TABLE));

    @Test
    void nothingIsKnownBeforeTheDefinitionWasSeen() {
        assertThat(table.isExact()).isFalse();
        assertThat(table.isExactAt(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void definitionHoldsFromWhereItWasSeen() {
        table.exactAt(5, 1);

        assertThat(table.isExact()).isTrue();
        assertThat(table.isExactAt(4)).isFalse();
        assertThat(table.isExactAt(5)).isTrue();
    }

    @Test
    void sameDefinitionSeenEarlierHoldsFromThere() {
        table.exactAt(5, 1);
        table.exactAt(3, 1);
        assertThat(table.isExactAt(3)).isTrue();

        table.exactAt(7, 1);

        assertThat(table.isExactAt(3)).isTrue();
        assertThat(table.exact()).isNotNull();
        assertThat(table.exact().since()).isEqualTo(3);
    }

    @Test
    void definitionWrittenAnewHoldsFromThereOnly() {
        table.exactAt(5, 1);
        table.exactAt(9, 2);
        assertThat(table.isExactAt(8)).isFalse();

        table.exactAt(7, 1); // an old view

        assertThat(table.isExactAt(8)).isFalse();
        assertThat(table.exact().version()).isEqualTo(2);
        table.exactAt(9, 3);
        assertThat(table.exact().version()).isEqualTo(2);
    }

    @Test
    void viewsOfBeforeSayNothingAfterARestore() {
        table.exactAt(5, 1);
        table.forgetBefore(7);
        assertThat(table.isExact()).isFalse();

        table.exactAt(6, 1);
        assertThat(table.isExact()).isFalse();

        table.exactAt(7, 1);
        assertThat(table.isExactAt(7)).isTrue();
    }

    @Test
    void whatAnotherMayHaveChangedIsForgotten() {
        table.exactAt(5, 1);

        table.forget();

        assertThat(table.isExact()).isFalse();
        table.exactAt(5, 1);
        assertThat(table.isExactAt(5)).isTrue();
    }
}
