// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static io.github.kvist.engine.EngineFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.backend.Branch;
import io.github.kvist.backend.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** After any program of transactions, savepoints, rollbacks, checkpoints and crashes the engine equals a sorted map. */
class EngineModelTest {

    @Property(tries = 150)
    void theEngineEqualsASortedMap(@ForAll long seed) {
        Random random = new Random(seed);
        EngineFixture store = EngineFixture.fresh();
        TreeMap<String, String> model = new TreeMap<>();
        List<View> views = new ArrayList<>();
        List<Map<String, String>> seen = new ArrayList<>();

        for (int step = 0; step < 30; step++) {
            try (Branch branch = store.begin()) {
                TreeMap<String, String> changed = new TreeMap<>(model);
                change(random, store, branch, changed);
                Branch.Mark mark = branch.mark();
                TreeMap<String, String> marked = new TreeMap<>(changed);
                change(random, store, branch, changed);
                if (random.nextBoolean()) {
                    branch.rollbackTo(mark);
                    changed = marked;
                    change(random, store, branch, changed);
                }
                assertThat(store.all(branch)).isEqualTo(changed);
                if (random.nextInt(4) > 0) {
                    branch.commit();
                    model = changed;
                }
            }
            views.add(store.engine.view());
            seen.add(new TreeMap<>(model));
            if (random.nextInt(8) == 0) {
                store.engine.checkpoint();
            }
            if (random.nextInt(8) == 0) {
                store = store.afterCrash();
                views.clear();
                seen.clear();
            }
            assertThat(store.all()).isEqualTo(model);
            assertThat(store.engine.verify()).isEmpty();
        }
        for (int i = 0; i < views.size(); i++) {
            assertThat(store.all(views.get(i))).isEqualTo(seen.get(i));
        }
    }

    private static void change(Random random, EngineFixture store, Branch branch, TreeMap<String, String> model) {
        int operations = random.nextInt(6);
        for (int i = 0; i < operations; i++) {
            String key = "k" + random.nextInt(40);
            switch (random.nextInt(5)) {
                case 0 -> assertThat(branch.delete(store.words, bytes(key))).isEqualTo(model.remove(key) != null);
                case 1 -> {
                    String to = "k" + random.nextInt(40);
                    if (key.compareTo(to) < 0) {
                        Map<String, String> range = model.subMap(key, to);
                        assertThat(branch.deleteRange(store.words, bytes(key), bytes(to)))
                                .isEqualTo(range.size());
                        range.clear();
                    }
                }
                default -> {
                    String value = "v".repeat(random.nextInt(20) == 0 ? 3000 : random.nextInt(40)) + i;
                    store.put(branch, key, value);
                    model.put(key, value);
                }
            }
        }
    }
}
