// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.codec;

import io.github.kvist.api.KeyCodec;
import io.github.kvist.testkit.KeyCodecContract;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

final class ByteArrayKeysTest extends KeyCodecContract<byte[]> {

    @Override
    protected KeyCodec<byte[]> codec() {
        return Keys.bytes();
    }

    @Override
    protected Arbitrary<byte[]> arbitraryKeys() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(6);
    }

    @Override
    protected List<byte[]> corners() {
        return List.of(
                new byte[0],
                new byte[] {0},
                new byte[] {0, 0},
                new byte[] {1},
                new byte[] {127},
                new byte[] {-128},
                new byte[] {-1},
                new byte[] {-1, -1});
    }

    @Override
    protected Optional<Boolean> startsWith(byte[] key, byte[] prefix) {
        return Optional.of(
                key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length));
    }
}
