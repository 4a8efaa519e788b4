// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/**
 * Keys of one size. Numbers lie big-endian with the sign bit flipped, so that negative ones sort before positive ones.
 *
 * @param <K> what the keys are
 */
abstract class FixedKeys<K> implements KeyCodec<K> {

    static final KeyCodec<Integer> INT32 = new Int32();
    static final KeyCodec<Long> INT64 = new Int64();
    static final KeyCodec<UUID> UUIDS = new Uuids();
    static final KeyCodec<Instant> INSTANTS = new Instants();
    static final KeyCodec<Boolean> BOOL = new Bool();

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final String id;
    private final int bytes;
    private final Comparator<K> order;

    private FixedKeys(String id, int bytes, Comparator<K> order) {
        this.id = id;
        this.bytes = bytes;
        this.order = order;
    }

    static <E extends Enum<E>> KeyCodec<E> constants(Class<E> type) {
        return new Constants<>(type);
    }

    abstract void write(K key, byte[] target);

    abstract K read(byte[] source, int offset);

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final byte[] encode(K key) {
        byte[] encoded = new byte[bytes];
        write(key, encoded);
        return encoded;
    }

    @Override
    public final K decode(byte[] source, int offset, int length) {
        if (length != bytes) {
            throw new IllegalArgumentException("A key of the codec " + id + " has " + bytes + " bytes, not " + length
                    + "; it was written by another codec.");
        }
        return read(source, offset);
    }

    @Override
    public final Comparator<K> order() {
        return order;
    }

    @Override
    public final int fixedBytes() {
        return bytes;
    }

    static void writeLong(byte[] target, int offset, long value) {
        LONGS.set(target, offset, value ^ Long.MIN_VALUE);
    }

    static long readLong(byte[] source, int offset) {
        return (long) LONGS.get(source, offset) ^ Long.MIN_VALUE;
    }

    private static final class Int32 extends FixedKeys<Integer> {
        Int32() {
            super("int32", Integer.BYTES, Comparator.naturalOrder());
        }

        @Override
        void write(Integer key, byte[] target) {
            INTS.set(target, 0, key ^ Integer.MIN_VALUE);
        }

        @Override
        Integer read(byte[] source, int offset) {
            return (int) INTS.get(source, offset) ^ Integer.MIN_VALUE;
        }
    }

    private static final class Int64 extends FixedKeys<Long> {
        Int64() {
            super("int64", Long.BYTES, Comparator.naturalOrder());
        }

        @Override
        void write(Long key, byte[] target) {
            writeLong(target, 0, key);
        }

        @Override
        Long read(byte[] source, int offset) {
            return readLong(source, offset);
        }
    }

    private static final class Uuids extends FixedKeys<UUID> {
        Uuids() {
            super("uuid", 2 * Long.BYTES, Uuids::compareAsText);
        }

        private static int compareAsText(UUID a, UUID b) {
            int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
            return high != 0 ? high : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
        }

        @Override
        void write(UUID key, byte[] target) {
            LONGS.set(target, 0, key.getMostSignificantBits());
            LONGS.set(target, Long.BYTES, key.getLeastSignificantBits());
        }

        @Override
        UUID read(byte[] source, int offset) {
            return new UUID((long) LONGS.get(source, offset), (long) LONGS.get(source, offset + Long.BYTES));
        }
    }

    private static final class Instants extends FixedKeys<Instant> {
        private static final int NANOS_END = 1_000_000_000;

        Instants() {
            super("instant", Long.BYTES + Integer.BYTES, Comparator.naturalOrder());
        }

        @Override
        void write(Instant key, byte[] target) {
            writeLong(target, 0, key.getEpochSecond());
            INTS.set(target, Long.BYTES, key.getNano());
        }

        @Override
        Instant read(byte[] source, int offset) {
            long seconds = readLong(source, offset);
            int nanos = (int) INTS.get(source, offset + Long.BYTES);
            // A carry into the seconds would make two encodings of one instant.
            if (nanos < 0 || nanos >= NANOS_END) {
                throw new IllegalArgumentException("An instant has less than a second of nanoseconds, not " + nanos
                        + "; the key was written by another codec.");
            }
            try {
                return Instant.ofEpochSecond(seconds, nanos);
            } catch (DateTimeException outOfRange) {
                throw new IllegalArgumentException(
                        "A key lies outside of what Instant can hold; it was written by another codec.", outOfRange);
            }
        }
    }

    private static final class Bool extends FixedKeys<Boolean> {
        Bool() {
            super("bool", 1, Comparator.naturalOrder());
        }

        @Override
        void write(Boolean key, byte[] target) {
            target[0] = (byte) (key ? 1 : 0);
        }

        @Override
        Boolean read(byte[] source, int offset) {
            return switch (source[offset]) {
                case 0 -> false;
                case 1 -> true;
                default ->
                    throw new IllegalArgumentException(
                            "A boolean is 0 or 1, not " + source[offset] + "; the key was written by another codec.");
            };
        }
    }

    private static final class Constants<E extends Enum<E>> extends FixedKeys<E> {
        private final String type;
        private final E[] constants;

        Constants(Class<E> type) {
            super("enum", Short.BYTES, Comparator.naturalOrder());
            this.type = type.getSimpleName();
            this.constants = type.getEnumConstants();
        }

        @SuppressWarnings("EnumOrdinal") // the order of declaration is the format
        @Override
        void write(E key, byte[] target) {
            target[0] = (byte) (key.ordinal() >>> Byte.SIZE);
            target[1] = (byte) key.ordinal();
        }

        @Override
        E read(byte[] source, int offset) {
            int ordinal = Byte.toUnsignedInt(source[offset]) << Byte.SIZE | Byte.toUnsignedInt(source[offset + 1]);
            if (ordinal >= constants.length) {
                throw new IllegalArgumentException(
                        "A key is constant number " + ordinal + " of " + type + ", which has " + constants.length
                                + ". It was written by a version with more constants, or by another codec.");
            }
            return constants[ordinal];
        }
    }
}
