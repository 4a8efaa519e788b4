// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.checkpoint;

import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import io.github.kvist.tree.TreeEditor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Trees to be written, and all that is in a tree, to be compared. */
final class Trees {
    private Trees() {}

    /** Paths with values of {@code valueBytes}, each with its version; every tenth has a deadline. */
    static RadixTree paths(int count, int valueBytes) {
        Random random = new Random(count);
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < count; i++) {
            byte[] key = "tenant/%05d/user/%09d".formatted(i % 97, i).getBytes(StandardCharsets.UTF_8);
            put(editor, key, value(random, valueBytes), i + 1, i % 10 == 0 ? 1_700_000_000_000L + i : RadixTree.NEVER);
        }
        return editor.freeze();
    }

    /** Small, but with every kind of page and block: short values, big ones, one that fills a block, deadlines. */
    static RadixTree motley() {
        Random random = new Random(4711);
        TreeEditor editor = RadixTree.empty().edit();
        int[] sizes = {0, 8, 100, 256, 257, 300, 5};
        for (int i = 0; i < 40; i++) {
            byte[] key = ("k" + i).getBytes(StandardCharsets.UTF_8);
            put(editor, key, value(random, sizes[i % sizes.length]), i + 1, i % 3 == 0 ? 1000 + i : RadixTree.NEVER);
        }
        put(editor, new byte[0], new byte[0], 100, RadixTree.NEVER);
        return editor.freeze();
    }

    /** Keys of which each departs from the last one level deeper, until radix nodes would be too deep. */
    static RadixTree hostileChain(int count) {
        TreeEditor editor = RadixTree.empty().edit();
        for (int i = 0; i < count; i++) {
            byte[] key = ("a".repeat(i) + "b").getBytes(StandardCharsets.UTF_8);
            put(editor, key, key, i + 1, RadixTree.NEVER);
        }
        return editor.freeze();
    }

    static void put(TreeEditor editor, byte[] key, byte[] value, long version, long deadline) {
        editor.put(key, value, 0, value.length, version, deadline);
    }

    static byte[] value(Random random, int length) {
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    /** Every key with all that belongs to it, in order. */
    static List<String> entries(RadixTree tree) {
        List<String> entries = new ArrayList<>();
        TreeCursor cursor = tree.forward(new byte[0], null);
        while (cursor.advance()) {
            byte[] value = Arrays.copyOfRange(cursor.array(), cursor.offset(), cursor.offset() + cursor.length());
            entries.add(HexFormat.of().formatHex(cursor.key()) + "="
                    + HexFormat.of().formatHex(value) + "@" + cursor.version() + "!" + cursor.deadline());
        }
        return entries;
    }

    static List<List<String>> entries(List<RadixTree> trees) {
        return trees.stream().map(Trees::entries).toList();
    }
}
