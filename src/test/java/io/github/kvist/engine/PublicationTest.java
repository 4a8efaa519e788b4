// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kvist.api.Options;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.backend.Branch;
import io.github.kvist.backend.EntryCursor;
import io.github.kvist.backend.Keyspace;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.View;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.faults.Campaign;
import io.github.kvist.faults.Scale;
import io.github.kvist.testkit.Together;
import io.github.kvist.tree.RadixTree;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A root is published whole, however it comes to a reader.
 *
 * <p>What the memory model (Java Language Specification, chapter 17) guarantees. A committer fills pages and nodes, which have plain fields and
 * elements, before it makes the {@link Root} that refers to them. From there are two ways to a reader:
 *
 * <ul>
 *   <li>{@link Head} writes the root to a volatile field, and the reader reads it there: the write happens before the read (17.4.5), and so does
 *       all that the committer did before. Reads of one volatile variable agree with the order of its writes, so that no reader goes back; and
 *       who was told of a commit, by whatever way that itself orders the two, sees that commit or a later one.
 *   <li>A view is handed from thread to thread by a data race. Its field {@code root} is final, and so are all of the root: whoever sees
 *       the view sees, through a final field, everything that was reachable by it when its constructor ended (17.5.1). Pages and nodes are not
 *       written after that, and the array of trees is never handed out.
 * </ul>
 *
 * <p>Neither needs a lock or a fence of its own. Threads that are caught at it show more on machines that reorder stores than on x86, where only
 * the compiler does; that the fields are final is therefore looked at, too.
 */
@Tag("campaign")
final class PublicationTest {

    private static final int ACCOUNTS = 600;
    private static final long MONEY = 1000;
    private static final int WRITERS = 2;
    private static final int READERS = 2;

    private final Engine engine = Engine.open(new MemoryStorage(), Options.defaults());
    private final Keyspace accounts = engine.keyspace("accounts");

    /** The newest commit that anybody was told of. */
    private volatile long told;

    /** Not volatile: readers get it by a data race. */
    @SuppressWarnings("NullAway.Init")
    private View handed;

    @Test
    @Timeout(600)
    void everyReaderSeesWholeRootsAndNeverGoesBack() throws Exception {
        int commits = Scale.pick(4_000, 300_000, 50_000_000);
        Campaign campaign = new Campaign("publication");
        engine.commit(TransactionOptions.defaults(), branch -> {
            for (int account = 0; account < ACCOUNTS; account++) {
                put(branch, account, MONEY);
            }
            return 0;
        });
        handed = engine.view();
        AtomicInteger left = new AtomicInteger(commits);
        AtomicInteger writing = new AtomicInteger(WRITERS);

        List<Long> seen = Together.run(WRITERS + READERS, thread -> {
            if (thread < WRITERS) {
                write(left, new Random(thread));
                writing.decrementAndGet();
                return 0L;
            }
            return read(writing);
        });

        campaign.count("commits", commits);
        campaign.count(
                "roots read whole", seen.stream().mapToLong(Long::longValue).sum());
        campaign.atLeast("roots read whole", commits / 100).end();
    }

    private void write(AtomicInteger left, Random random) {
        while (left.decrementAndGet() >= 0) {
            engine.commit(TransactionOptions.defaults(), branch -> {
                for (int i = 0; i < 3; i++) {
                    transfer(branch, random.nextInt(ACCOUNTS), random.nextInt(ACCOUNTS), random.nextInt(10));
                }
                return 0;
            });
            tell(engine.revision());
            handed = engine.view();
        }
    }

    private synchronized void tell(long revision) {
        told = Math.max(told, revision);
    }

    private void transfer(Branch branch, int from, int to, int amount) {
        put(branch, from, amount(branch.get(accounts, key(from))) - amount);
        put(branch, to, amount(branch.get(accounts, key(to))) + amount);
    }

    private long read(AtomicInteger writing) {
        long roots = 0;
        long last = 0;
        while (writing.get() > 0) {
            long least = Math.max(told, last);
            try (View view = engine.view()) {
                last = view.revision();
                if (last < least) {
                    throw new AssertionError("Revision " + last + " after " + least + ".");
                }
                check(view);
            }
            check(handed);
            roots += 2;
        }
        return roots;
    }

    private void check(View view) {
        long sum = 0;
        int count = 0;
        try (EntryCursor cursor = view.scan(accounts, new byte[0], null, false)) {
            while (cursor.advance()) {
                byte[] key = cursor.key();
                ByteBuffer value = ByteBuffer.wrap(cursor.array(), cursor.offset(), cursor.length());
                long amount = value.getLong();
                if (value.getLong() != seal(key, amount)) {
                    throw new AssertionError("A torn value under " + Arrays.toString(key) + ".");
                }
                sum += amount;
                count++;
            }
        }
        if (count != ACCOUNTS || sum != ACCOUNTS * MONEY) {
            throw new AssertionError(count + " accounts with " + sum + " at revision " + view.revision() + ".");
        }
    }

    /** Some zeros and then the number: keys that spread over several levels of the tree. */
    private static byte[] key(int account) {
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(account * 0x9E3779B9)
                .putInt(account)
                .array();
    }

    private static long seal(byte[] key, long amount) {
        return 31 * amount + Arrays.hashCode(key);
    }

    private void put(Branch branch, int account, long amount) {
        byte[] key = key(account);
        byte[] value = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(amount)
                .putLong(seal(key, amount))
                .array();
        branch.put(accounts, key, value, Stored.NEVER);
    }

    private static long amount(@Nullable Stored stored) {
        Objects.requireNonNull(stored);
        return ByteBuffer.wrap(stored.array(), stored.offset(), stored.length()).getLong();
    }

    @Test
    void onlyFinalFieldsLieBetweenAViewAndTheTreesOfItsRoot() throws Exception {
        List<String> plain = new ArrayList<>();
        for (Class<?> type : List.of(EngineView.class, Root.class, RadixTree.class)) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
                    plain.add(type.getSimpleName() + "." + field.getName());
                }
            }
        }
        Field visible = Head.class.getDeclaredField("visible");

        assertThat(plain).isEmpty();
        assertThat(Modifier.isVolatile(visible.getModifiers())).isTrue();
    }
}
