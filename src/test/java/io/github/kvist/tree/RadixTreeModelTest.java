// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** After any edits the tree equals a sorted map, and every tree frozen before is what it was. */
class RadixTreeModelTest {
    private static final int CHECK_EACH = 150;

    @Property(tries = 250)
    void editsAgreeWithASortedMap(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        int operations = keys == NastyKeys.LONG ? 120 : 700;
        Script script = new Script(keys, random);

        for (int i = 0; i < operations; i++) {
            script.step();
            // Every single step of the first hundred and some, then now and then: a check costs as much as all edits so
            // far.
            if (i < CHECK_EACH || i % 40 == 0) {
                script.model.assertHolds(script.editor.freeze());
            }
        }

        script.assertFrozenTreesAreWhatTheyWere();
    }

    @Property(tries = 80)
    void growthAndDeclineOfManyKeysAgreeWithASortedMap(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        int operations = keys == NastyKeys.LONG ? 300 : 6000;
        Script script = new Script(keys, random);

        for (int i = 0; i < operations; i++) {
            if (i < operations / 2) {
                script.put();
            } else {
                script.deletePresent();
            }
            if (i % (operations / 10) == 0) {
                script.freeze();
            }
        }

        script.model.assertHolds(script.editor.freeze());
        script.assertFrozenTreesAreWhatTheyWere();
    }

    @Property(tries = 120)
    void longRunsOfPutsAgreeWithASortedMap(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);

        for (int run = 0; run < 8; run++) {
            for (int puts = random.nextInt(keys == NastyKeys.LONG ? 100 : 800); puts > 0; puts--) {
                script.put(false);
                if (random.nextInt(40) == 0) {
                    byte[] key = script.bound();
                    assertThat(script.editor.delete(key)).isEqualTo(script.model.map.remove(key) != null);
                }
            }
            script.assertEditorHas(50);
            if (random.nextBoolean()) {
                script.model.assertHolds(script.editor.freeze());
                script.freeze();
            }
        }

        script.assertFrozenTreesAreWhatTheyWere();
    }

    @Property(tries = 120)
    void rangesAgreeWithASortedMap(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);
        for (int i = 0; i < (keys == NastyKeys.LONG ? 100 : 1500); i++) {
            script.put();
        }
        RadixTree tree = script.editor.freeze();
        Model model = script.model;

        for (int i = 0; i < 60; i++) {
            byte[] from = script.bound();
            byte @Nullable [] to = random.nextInt(6) == 0 ? null : script.bound();

            model.assertScans(tree, from, to);
            assertThat(tree.count(from, to)).isEqualTo(model.range(from, to).size());
            assertThat(tree.rank(from)).isEqualTo(model.map.headMap(from, false).size());
            assertThat(tree.contains(from)).isEqualTo(model.map.containsKey(from));
            long instant = random.nextBoolean() ? 1_000_000 + random.nextInt(1000) : random.nextLong();
            assertThat(tree.due(from, to, instant))
                    .isEqualTo(model.range(from, to).values().stream()
                            .filter(stored -> stored.deadline() <= instant)
                            .count());
            assertThat(tree.due(from, to, RadixTree.NEVER))
                    .isEqualTo(model.range(from, to).size());
        }
    }

    @Property(tries = 120)
    void seekGoesAheadAndNeverBack(@ForAll NastyKeys keys, @ForAll boolean isForward, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);
        for (int i = 0; i < (keys == NastyKeys.LONG ? 60 : 500); i++) {
            script.put();
        }
        RadixTree tree = script.editor.freeze();

        for (int round = 0; round < 20; round++) {
            byte[] from = random.nextBoolean() ? new byte[0] : script.bound();
            byte @Nullable [] to = random.nextBoolean() ? null : script.bound();
            var range = script.model.range(from, to);
            // A copy, because a view refuses keys beyond its range.
            NavigableMap<byte[], Model.Stored> rest = new TreeMap<>(
                    isForward ? range.comparator() : range.descendingMap().comparator());
            rest.putAll(range);
            TreeCursor cursor = isForward ? tree.forward(from, to) : tree.backward(from, to);
            while (!rest.isEmpty()) {
                for (int steps = random.nextInt(40); steps > 0 && !rest.isEmpty(); steps--) {
                    assertThat(cursor.advance()).isTrue();
                    Model.assertIsOn(cursor, rest.firstEntry());
                    rest = rest.tailMap(rest.firstKey(), false);
                }
                byte[] target = script.bound();
                cursor.seek(target);
                if (!rest.isEmpty() && rest.comparator().compare(target, rest.firstKey()) > 0) {
                    rest = rest.tailMap(target, true);
                }
                if (rest.isEmpty() || random.nextInt(30) == 0) {
                    break;
                }
            }
            assertThat(cursor.advance()).isEqualTo(!rest.isEmpty());
            if (!rest.isEmpty()) {
                Model.assertIsOn(cursor, rest.firstEntry());
            }
        }
    }

    @Property(tries = 120)
    void deletedRangesAreGoneAndNothingElse(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);

        for (int round = 0; round < 15; round++) {
            for (int i = 0; i < (keys == NastyKeys.LONG ? 10 : 120); i++) {
                script.put();
            }
            script.freeze();
            byte[] from = random.nextInt(5) == 0 ? new byte[0] : script.bound();
            byte @Nullable [] to = random.nextInt(5) == 0 ? null : script.bound();

            long deleted = script.editor.deleteRange(from, to);

            var range = script.model.range(from, to);
            assertThat(deleted).isEqualTo(range.size());
            List.copyOf(range.keySet()).forEach(script.model.map::remove);
            script.model.assertHolds(script.editor.freeze());
        }

        script.assertFrozenTreesAreWhatTheyWere();
    }

    @Property(tries = 120)
    void differencesAreExactlyTheChangedKeys(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);
        for (int i = 0; i < (keys == NastyKeys.LONG ? 40 : 600); i++) {
            script.put();
        }
        RadixTree before = script.editor.freeze();
        Model old = script.model.copy();
        for (int i = random.nextInt(60); i > 0; i--) {
            script.step();
        }
        RadixTree after = script.editor.freeze();

        for (int round = 0; round < 20; round++) {
            byte[] from = round == 0 ? new byte[0] : script.bound();
            byte @Nullable [] to = round == 0 || random.nextInt(4) == 0 ? null : script.bound();
            if (round % 5 == 4) {
                to = Arrays.copyOf(from, from.length + 1);
            }
            List<byte[]> expected = changes(old, script.model, from, to);
            List<byte[]> seen = new ArrayList<>();

            RadixTree.diff(before, after, from, to, (key, was, is) -> {
                assertThat(
                                old.map.get(key) == null
                                        ? was == null
                                        : old.map.get(key).same(was))
                        .isTrue();
                Model.Stored now = script.model.map.get(key);
                assertThat(now == null ? is == null : now.same(is)).isTrue();
                seen.add(key);
                return true;
            });

            assertThat(seen).usingElementComparator(Arrays::compareUnsigned).isEqualTo(expected);
            assertThat(RadixTree.same(before, after, from, to)).isEqualTo(expected.isEmpty());
            assertThat(RadixTree.same(before, before, from, to)).isTrue();
        }
    }

    private static List<byte[]> changes(Model old, Model now, byte[] from, byte @Nullable [] to) {
        var all = old.copy().range(from, to);
        Model both = new Model();
        both.map.putAll(all);
        both.map.putAll(now.range(from, to));
        List<byte[]> changed = new ArrayList<>();
        for (byte[] key : both.map.keySet()) {
            Model.Stored a = old.map.get(key);
            Model.Stored b = now.map.get(key);
            if (a == null || b == null || !a.same(b)) {
                changed.add(key);
            }
        }
        return changed;
    }

    @Property(tries = 120)
    void pagesAndEntriesBuildTheSameTree(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);
        for (int i = random.nextInt(keys == NastyKeys.LONG ? 120 : 2500); i > 0; i--) {
            script.step();
        }
        RadixTree tree = script.editor.freeze();
        TreeBuilder fromPages = RadixTree.builder();
        TreeBuilder fromEntries = RadixTree.builder();

        tree.pages((page, big, underSep) -> fromPages.addPage(page, big, underSep));
        for (Map.Entry<byte[], Model.Stored> entry : script.model.map.entrySet()) {
            Model.Stored stored = entry.getValue();
            fromEntries.add(
                    entry.getKey(), stored.value(), 0, stored.value().length, stored.version(), stored.deadline());
        }

        RadixTree copy = fromPages.build();
        script.model.assertHolds(copy);
        script.model.assertHolds(fromEntries.build());
        assertThat(RadixTree.same(tree, copy, new byte[0], null)).isTrue();
        assertThat(copy.deadline())
                .isEqualTo(script.model.map.values().stream()
                        .mapToLong(Model.Stored::deadline)
                        .min()
                        .orElse(RadixTree.NEVER));
    }

    @Property(tries = 60)
    void aBuiltTreeCanBeEdited(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);
        for (int i = random.nextInt(keys == NastyKeys.LONG ? 60 : 1000); i > 0; i--) {
            script.step();
        }
        TreeBuilder builder = RadixTree.builder();
        script.editor.freeze().pages((page, big, underSep) -> builder.addPage(page, big, underSep));

        script.editor = builder.build().edit();
        for (int i = 0; i < 200; i++) {
            script.step();
            if (i % 20 == 0) {
                script.model.assertHolds(script.editor.freeze());
            }
        }

        script.model.assertHolds(script.editor.freeze());
    }

    @Property(tries = 60)
    void aTreeCanBeTakenOver(@ForAll NastyKeys keys, @ForAll long seed) {
        Random random = new Random(seed);
        Script script = new Script(keys, random);
        for (int i = random.nextInt(keys == NastyKeys.LONG ? 60 : 1000); i > 0; i--) {
            script.step();
        }
        TreeBuilder builder = RadixTree.builder();
        script.editor.freeze().pages((page, big, underSep) -> builder.addPage(page.clone(), big, underSep));

        script.editor = builder.build().take();
        for (int i = 0; i < 300; i++) {
            script.overwrite();
        }
        RadixTree taken = script.editor.freeze();
        Model model = script.model.copy();
        for (int i = 0; i < 100; i++) {
            script.overwrite();
        }

        model.assertHolds(taken);
        script.model.assertHolds(script.editor.freeze());
        script.assertFrozenTreesAreWhatTheyWere();
    }

    /** Draws operations and applies them to a tree and to its model. */
    private static final class Script {
        private final NastyKeys keys;
        private final Random random;
        private final Model model = new Model();
        private TreeEditor editor = RadixTree.empty().edit();
        private final List<RadixTree> frozen = new ArrayList<>();
        private final List<Model> frozenModels = new ArrayList<>();
        private long version;

        Script(NastyKeys keys, Random random) {
            this.keys = keys;
            this.random = random;
        }

        void step() {
            int kind = random.nextInt(20);
            if (kind < 13) {
                put();
            } else if (kind < 15) {
                byte[] key = keys.next(random);
                assertThat(editor.delete(key)).isEqualTo(model.map.remove(key) != null);
            } else if (kind < 19) {
                deletePresent();
            } else {
                freeze();
            }
        }

        void put() {
            // The shortcut for a single change, on whatever was frozen last, is as good as the editor.
            put(random.nextInt(5) == 0);
        }

        void put(boolean isSingle) {
            byte[] key = random.nextInt(8) == 0 ? present() : keys.next(random);
            byte[] value = NastyKeys.value(random);
            long deadline = NastyKeys.deadline(random);
            version += random.nextInt(30) == 0 ? random.nextInt(1 << 20) : 1;
            if (random.nextInt(40) == 0) {
                version = random.nextLong();
            }
            model.map.put(key, new Model.Stored(value, version, deadline));
            if (isSingle) {
                editor = editor.freeze()
                        .put(key, value, 0, value.length, version, deadline)
                        .edit();
            } else {
                editor.put(key, value, 0, value.length, version, deadline);
            }
            assertHas(key);
        }

        private void assertHas(byte[] key) {
            TreeEntry found = editor.get(key);
            Model.Stored expected = model.map.get(key);
            assertThat(found == null ? expected == null : expected != null && expected.same(found))
                    .isTrue();
        }

        /** Without a look at its tree, which would end a run of puts. */
        void assertEditorHas(int keysAsked) {
            for (int i = 0; i < keysAsked; i++) {
                assertHas(bound());
            }
        }

        /** Mostly puts a value that is as long as the one before. */
        void overwrite() {
            byte[] key = present();
            Model.Stored old = model.map.get(key);
            byte[] value = NastyKeys.value(random);
            long deadline = NastyKeys.deadline(random);
            if (old != null && random.nextInt(4) > 0) {
                value = Arrays.copyOf(old.value(), old.value().length);
                random.nextBytes(value);
                deadline = old.deadline();
            }
            version += 1 + random.nextInt(5);
            model.map.put(key, new Model.Stored(value, version, deadline));
            editor.put(key, value, 0, value.length, version, deadline);
        }

        void deletePresent() {
            if (!model.map.isEmpty()) {
                byte[] key = present();
                model.map.remove(key);
                if (random.nextInt(5) == 0) {
                    editor = editor.freeze().delete(key).edit();
                } else {
                    assertThat(editor.delete(key)).isTrue();
                }
                assertThat(editor.get(key)).isNull();
            }
        }

        private byte[] present() {
            byte[] key = keys.next(random);
            byte[] near = model.map.floorKey(key);
            return near != null ? near : model.map.isEmpty() ? key : model.map.firstKey();
        }

        byte[] bound() {
            byte[] key = random.nextInt(3) == 0 ? present() : keys.next(random);
            return random.nextInt(3) > 0 ? key : Arrays.copyOf(key, random.nextInt(key.length + 2));
        }

        void freeze() {
            if (frozen.size() < 12) {
                frozen.add(editor.freeze());
                frozenModels.add(model.copy());
            }
        }

        void assertFrozenTreesAreWhatTheyWere() {
            for (int i = 0; i < frozen.size(); i++) {
                frozenModels.get(i).assertHolds(frozen.get(i));
            }
        }
    }
}
