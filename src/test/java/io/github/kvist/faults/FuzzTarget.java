// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import com.sun.management.ThreadMXBean;
import io.github.kvist.Kvist;
import io.github.kvist.ParsedAddress;
import io.github.kvist.SimulatedSalvage;
import io.github.kvist.api.Codec;
import io.github.kvist.api.KeyCodec;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.PageToken;
import io.github.kvist.api.Pair;
import io.github.kvist.api.Recovery;
import io.github.kvist.api.SalvageMode;
import io.github.kvist.api.SalvageReport;
import io.github.kvist.api.TransactionOptions;
import io.github.kvist.api.Version;
import io.github.kvist.backend.Address;
import io.github.kvist.backend.Stored;
import io.github.kvist.backend.file.LocalFiles;
import io.github.kvist.backend.memory.MemoryStorage;
import io.github.kvist.checkpoint.Image;
import io.github.kvist.checkpoint.ImageReader;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.engine.Engine;
import io.github.kvist.faults.SmallStore.Book;
import io.github.kvist.faults.SmallStore.End;
import io.github.kvist.format.CheckpointHeader;
import io.github.kvist.format.CommitReader;
import io.github.kvist.format.Frame;
import io.github.kvist.format.Manifest;
import io.github.kvist.format.SegmentHeader;
import io.github.kvist.table.TableStore;
import io.github.kvist.testkit.SimulatedDisk;
import io.github.kvist.tree.RadixTree;
import io.github.kvist.tree.TreeCursor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * What reads bytes that somebody else may have written. Whatever they are: a right value, or an error of the kind that is promised,
 * within a second and {@value #ALLOCATED_MAX} bytes.
 */
enum FuzzTarget {
    /** The fixed layouts, each with the checksum as it is and made right. */
    HEADERS {
        @Override
        void read(byte[] data) {
            expecting(KvException.class, () -> {
                Manifest manifest = Manifest.decode(data, "fuzz");
                require(Manifest.decode(manifest.encode(), "fuzz").equals(manifest), "another manifest");
            });
            expecting(KvException.class, () -> {
                SegmentHeader header = SegmentHeader.decode(data, "fuzz");
                require(SegmentHeader.decode(header.encode(), "fuzz").equals(header), "another header");
            });
            expecting(KvException.class, () -> {
                CheckpointHeader header = CheckpointHeader.decode(data, "fuzz");
                require(CheckpointHeader.decode(header.encode(), "fuzz").equals(header), "another header");
            });
        }

        @Override
        void fuzz(byte[] data) {
            super.fuzz(data);
            if (data.length >= 4) {
                byte[] signed = data.clone();
                HostileFiles.sign(signed, 0, signed.length - 4, signed.length - 4);
                super.fuzz(signed);
            }
        }

        @Override
        List<byte[]> seeds() {
            List<byte[]> seeds = new ArrayList<>();
            for (SmallStore store : STORES) {
                seeds.add(store.files().contentOf("MANIFEST"));
                for (String name : store.files().names()) {
                    seeds.add(Arrays.copyOf(store.files().contentOf(name), 64));
                }
            }
            return seeds;
        }
    },

    /** What stands in a frame whose checksum is right: taken apart, and replayed. */
    COMMITS {
        @Override
        void read(byte[] data) {
            expecting(KvException.Corrupt.class, () -> {
                CommitReader reader = new CommitReader(data, 0, data.length, () -> "fuzz");
                while (reader.nextCommit()) {
                    while (reader.nextOperation()) {
                        require(reader.key().length <= data.length + reader.key().length, "no key");
                    }
                }
            });
            if (data.length > 3_000) {
                return;
            }
            SmallStore store = STORES.get(End.KILLED.ordinal());
            String log = store.files().lastSegment();
            byte[] segment = store.files().contentOf(log);
            int at = 64;
            int last = at;
            while (Frame.read(segment, at).position() == at) {
                last = at;
                at += (int) Frame.read(segment, at).size();
            }
            Frame before = Frame.read(segment, last);
            byte[] grown = Arrays.copyOf(segment, Math.max(segment.length, at + data.length + 256));
            Frame frame = new Frame(
                    data.length,
                    before.storeId(),
                    before.segment(),
                    at,
                    before.last() + 1,
                    before.last() + 1,
                    before.last(),
                    Frame.storedCrc(segment, last),
                    Frame.COMMITS);
            System.arraycopy(data, 0, grown, at + Frame.HEAD, data.length);
            int unused = frame.complete(grown, at + Frame.HEAD);
            open(store.files().with(log, grown));
        }

        @Override
        List<byte[]> seeds() {
            List<byte[]> seeds = new ArrayList<>();
            for (SmallStore store : STORES) {
                for (String name : store.files().segments()) {
                    byte[] segment = store.files().contentOf(name);
                    for (int at = 64;
                            at + 56 <= segment.length && Frame.read(segment, at).position() == at; ) {
                        Frame frame = Frame.read(segment, at);
                        seeds.add(Arrays.copyOfRange(segment, at + 56, at + 56 + frame.length()));
                        at += (int) frame.size();
                    }
                }
            }
            return seeds;
        }
    },

    /** A stream that may be an image, as it is and with right checksums. */
    IMAGE {
        @Override
        void read(byte[] data) {
            expecting(KvException.class, () -> {
                Image image = ImageReader.read(new ByteArrayInputStream(data), "fuzz");
                image.trees().forEach(FuzzTarget::walk);
            });
            expecting(KvException.class, () -> {
                try (KvStore store = Kvist.inMemory()) {
                    store.admin().restore(new ByteArrayInputStream(data));
                    look(store);
                }
            });
        }

        @Override
        void fuzz(byte[] data) {
            super.fuzz(data);
            byte[] sound = image();
            byte[] changed = sound.clone();
            for (int i = 0; i + 6 <= data.length && i < 120; i += 6) {
                int at = 64 + (((data[i] & 0xff) << 8) | (data[i + 1] & 0xff)) % (changed.length - 64);
                System.arraycopy(data, i + 2, changed, at, Math.min(4, changed.length - at));
            }
            HostileFiles.signImage(changed, sound);
            super.fuzz(changed);
        }

        @Override
        List<byte[]> seeds() {
            return List.of(image(), Arrays.copyOf(image(), 200), new byte[] {1, 2, 3, 4, 5, 6});
        }

        private byte[] image() {
            SmallStore store = STORES.get(End.CLOSED.ordinal());
            byte[] file = store.files().contentOf("checkpoint-0000000001");
            return Arrays.copyOfRange(file, 64, file.length);
        }
    },

    /** A leaf of the tree. */
    PAGE {
        @Override
        void read(byte[] data) {
            int values = data.length == 0 ? 0 : data[0] & 3;
            byte[][] big = new byte[values][300];
            byte[] page = Arrays.copyOfRange(data, Math.min(1, data.length), data.length);
            RadixTree tree;
            try {
                tree = RadixTree.builder()
                        .addPage(page, values == 0 ? null : big, false)
                        .build();
            } catch (IllegalArgumentException refused) {
                return;
            }
            tree.check();
            walk(tree);
        }

        @Override
        List<byte[]> seeds() {
            List<byte[]> seeds = new ArrayList<>();
            SmallStore store = STORES.get(End.CLOSED.ordinal());
            byte[] file = store.files().contentOf("checkpoint-0000000001");
            Image image = ImageReader.read(new ByteArrayInputStream(file, 64, file.length), "fuzz");
            image.trees()
                    .forEach(tree -> tree.pages((page, big, underSep) -> {
                        byte[] seed = new byte[page.length + 1];
                        seed[0] = (byte) (big == null ? 0 : big.length);
                        System.arraycopy(page, 0, seed, 1, page.length);
                        seeds.add(seed);
                    }));
            return seeds;
        }
    },

    /** A whole directory, opened, verified, read and salvaged. */
    DIRECTORY {
        @Override
        void read(byte[] data) {
            StoredFiles files = HostileFiles.of(STORES, data);
            open(files);
            for (SalvageMode mode : SalvageMode.values()) {
                SimulatedDisk from = files.toDisk();
                SimulatedDisk into = new SimulatedDisk();
                expecting(KvException.class, () -> {
                    SalvageReport report = SimulatedSalvage.run(from, into, mode);
                    require(report.newRevision() > report.newestRevision(), "a revision that was there");
                });
                require(files.differencesTo(from).isEmpty(), "salvage changed what it read");
            }
        }

        @Override
        List<byte[]> seeds() {
            List<byte[]> seeds = new ArrayList<>();
            for (int first = 0; first < 16; first++) {
                for (int kind = 0; kind < 10; kind++) {
                    seeds.add(new byte[] {(byte) first, (byte) kind, (byte) kind, 40, 0, 1, 0, 0, 0});
                }
            }
            return seeds;
        }
    },

    /** Definitions of tables, in a store that is otherwise sound. */
    DEFINITIONS {
        @Override
        void read(byte[] data) {
            Engine engine = Engine.open(new MemoryStorage(), Options.defaults());
            engine.<Object>commit(TransactionOptions.defaults(), branch -> {
                branch.put(engine.keyspace("s/definitions"), bytes("books"), data, Stored.NEVER);
                branch.put(engine.keyspace("t/books"), new byte[4], data, Stored.NEVER);
                return "";
            });
            expecting(KvException.class, () -> {
                try (TableStore store = new TableStore(engine, Options.defaults(), LocalFiles::new)) {
                    expecting(KvException.class, () -> require(store.tables().size() == 1, "no table"));
                    look(store);
                    store.admin().exportJsonLines(new ByteArrayOutputStream());
                }
            });
        }

        @Override
        List<byte[]> seeds() {
            return List.of(
                    bytes("\1\0\0\0\1\0\5int32\0\4json\0\1\0\6author\0\6string\0\0\0\0\0"),
                    bytes("\1\0\0\0\1\0\5bytes\0\5bytes\0\0"),
                    bytes("\1\0\0\0\1\0\24tuple(int32,string)\0\4json\0\0"));
        }
    },

    /** Lines of JSON. */
    JSON_LINES {
        @Override
        void read(byte[] data) {
            expecting(KvException.class, () -> {
                try (KvStore store = Kvist.inMemory()) {
                    store.admin().importJsonLines(new ByteArrayInputStream(data));
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    store.admin().exportJsonLines(out);
                    try (KvStore again = Kvist.inMemory()) {
                        again.admin().importJsonLines(new ByteArrayInputStream(out.toByteArray()));
                    }
                }
            });
        }

        @Override
        List<byte[]> seeds() {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (KvStore store =
                    SmallStore.open(STORES.get(End.CLOSED.ordinal()).files().toDisk(), Recovery.STRICT)) {
                store.admin().exportJsonLines(out);
            }
            return List.of(
                    out.toByteArray(),
                    bytes("{\"table\":\"a\",\"keys\":\"int64\",\"values\":\"int64\"}\n"
                            + "{\"table\":\"a\",\"key\":9223372036854775807,\"value\":-1}\n"),
                    bytes("{\"table\":\"u\",\"keys\":\"uuid\",\"values\":\"json\"}\r\n\n"
                            + "{\"table\":\"u\",\"key\":\"123e4567-e89b-12d3-a456-426614174000\",\"value\":[1e400,{}],"
                            + "\"version\":\"1\",\"expiresAt\":\"2040-01-01T00:00:00Z\"}\n"),
                    bytes(
                            "{\"table\":\"b\",\"keys\":\"bytes\",\"values\":\"bytes\"}\n{\"table\":\"b\",\"key64\":\"AA==\",\"value64\":\"\"}\n"));
        }
    },

    /** Keys and values; a key that can be decoded encodes to the same bytes. */
    CODECS {
        private final List<KeyCodec<?>> keys = List.of(
                Keys.string(),
                Keys.bytes(),
                Keys.int32(),
                Keys.int64(),
                Keys.uuid(),
                Keys.instant(),
                Keys.bool(),
                Keys.enumOf(End.class),
                Keys.tuple(Keys.string(), Keys.int32()),
                Keys.tuple(Keys.bytes(), Keys.instant(), Keys.string()));
        private final List<Codec<?>> values = List.of(
                Values.json(Book.class),
                Values.json(Object.class),
                Values.string(),
                Values.bytes(),
                Values.int64(),
                Values.slices());

        @Override
        void read(byte[] data) {
            keys.forEach(codec -> decode(codec, data, true));
            values.forEach(codec -> decode(codec, data, false));
        }

        private <T> void decode(Codec<T> codec, byte[] data, boolean isExact) {
            T value;
            try {
                value = codec.decode(data, 0, data.length);
            } catch (IllegalArgumentException | KvException.CodecFailure refused) {
                return;
            }
            if (isExact) {
                require(Arrays.equals(codec.encode(value), data), codec.id() + " reads two encodings of one key");
            }
        }

        @Override
        List<byte[]> seeds() {
            return List.of(
                    bytes("{\"title\":\"T\",\"author\":\"A\",\"unknown\":[1,2,{}]}"),
                    bytes("[[[[[[[[[[[[[[[[[[[[[[[[1e309]]]]"),
                    Keys.uuid().encode(UUID.fromString("123e4567-e89b-12d3-a456-426614174000")),
                    Keys.tuple(Keys.string(), Keys.int32()).encode(new Pair<>("a\0b\1c", 7)),
                    bytes("plain"),
                    new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                    new byte[0]);
        }
    },

    /** Addresses and other texts that come from outside; a password shows in no message. */
    ADDRESSES {
        private static final String PASSWORD = "CANARY";

        @Override
        void read(byte[] data) {
            String text = new String(data, StandardCharsets.UTF_8);
            if (text.contains(PASSWORD)) {
                return; // what stands elsewhere may be shown
            }
            for (String uri : List.of(text, "postgresql://u:" + PASSWORD + "@" + text, "redis://" + text)) {
                masked(() -> ParsedAddress.parse(uri));
                masked(() -> {
                    String shown = Address.parse(uri).toString();
                    require(!shown.contains(PASSWORD), "a password is shown");
                });
            }
            masked(() -> ParsedAddress.parse("file:" + text));
            masked(() -> {
                Version version = Version.parse(text);
                require(Version.parse(version.toString()).equals(version), "another version");
            });
            masked(() -> {
                PageToken unused = PageToken.parse(text);
            });
        }

        private void masked(Runnable work) {
            try {
                work.run();
            } catch (IllegalArgumentException refused) {
                require(!String.valueOf(refused.getMessage()).contains(PASSWORD), "a password in a message");
            }
        }

        @Override
        List<byte[]> seeds() {
            return List.of(
                    bytes("file:data/app?durability=os"),
                    bytes("memory:"),
                    bytes("postgresql://u:p%40@[::1]:5432,b/db?schema=a&ssl=1"),
                    bytes("host:99999/db?x=%zz"),
                    bytes("3z"));
        }
    };

    static final int ALLOCATED_MAX = 64 << 20;

    private static final long NANOS_MAX = 1_000_000_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<SmallStore> STORES =
            Arrays.stream(End.values()).map(SmallStore::of).toList();

    /** Reads them, and throws whatever is not promised. */
    abstract void read(byte[] data);

    /** What a fuzzer begins with: bytes that are right. */
    abstract List<byte[]> seeds();

    /** Reads them, within bounds. */
    void fuzz(byte[] data) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        read(data);
        long nanos = System.nanoTime() - began;
        long bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
        require(bytes < ALLOCATED_MAX + 64L * data.length, bytes + " bytes of memory for " + data.length);
        for (int again = 0; nanos > NANOS_MAX && again < 3; again++) {
            // A machine may pause; bytes that are slow to read are slow again.
            began = System.nanoTime();
            read(data);
            nanos = Math.min(nanos, System.nanoTime() - began);
        }
        require(nanos <= NANOS_MAX, nanos + " ns for " + data.length + " bytes");
    }

    private static void open(StoredFiles files) {
        for (Recovery recovery : Recovery.values()) {
            SimulatedDisk disk = files.toDisk();
            expecting(KvException.class, () -> {
                try (KvStore store = SmallStore.open(disk, recovery)) {
                    look(store);
                }
            });
        }
    }

    /** A hostile definition may be another than ours, which is wrong use and not damage. */
    private static void look(KvStore store) {
        expecting(KvException.class, () -> {
            try {
                String unused = SmallStore.contents(store);
            } catch (IllegalStateException otherDefinition) {
                require(String.valueOf(otherDefinition.getMessage()).startsWith("Table "), "" + otherDefinition);
            }
        });
        expecting(KvException.class, () -> {
            int unused = store.admin().verify().findings().size();
        });
    }

    private static void walk(RadixTree tree) {
        long entries = 0;
        for (TreeCursor entry = tree.forward(new byte[0], null); entry.advance(); ) {
            require(tree.contains(entry.key()), "an entry that is not found");
            entries++;
        }
        require(entries == tree.count(), "another number of entries");
    }

    private static void expecting(Class<? extends RuntimeException> promised, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException thrown) {
            if (!promised.isInstance(thrown)) {
                throw thrown;
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
