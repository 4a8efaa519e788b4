// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What fuzzing has kept, read again: the seeds, the corpus under {@code src/test/resources/fuzz}, and each of them changed a few times at
 * random. {@link FuzzTest} looks for more.
 */
@Tag("campaign")
final class FuzzCorpusTest {
    static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

    @ParameterizedTest
    @EnumSource
    void bytesOfWhateverKindAreReadOrRefused(FuzzTarget target) throws IOException {
        List<byte[]> inputs = new ArrayList<>(target.seeds());
        assertThat(inputs).isNotEmpty();
        inputs.addAll(kept(target));
        Campaign campaign = new Campaign("fuzz corpus, " + target);
        inputs.forEach(input -> run(target, input, campaign));
        Random random = new Random(target.ordinal());
        for (int i = 0; i < Scale.pick(150, 3_000, 100_000); i++) {
            run(target, changed(inputs.get(random.nextInt(inputs.size())), random), campaign);
        }
        campaign.atLeast("inputs", 100);
        campaign.end();
    }

    private static void run(FuzzTarget target, byte[] input, Campaign campaign) {
        try {
            target.fuzz(input);
        } catch (RuntimeException | Error wrong) {
            throw new AssertionError(target + " fails on " + HexFormat.of().formatHex(input) + ": " + wrong, wrong);
        }
        campaign.count("inputs");
    }

    private static List<byte[]> kept(FuzzTarget target) throws IOException {
        Path directory = CORPUS.resolve(target.name());
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<byte[]> inputs = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(file));
            }
            return inputs;
        }
    }

    private static byte[] changed(byte[] input, Random random) {
        byte[] bytes = input.clone();
        for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
            int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
            switch (bytes.length == 0 ? 4 : random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes[at] = random.nextBoolean() ? (byte) 0xff : 0;
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> {
                    byte[] more = new byte[1 + random.nextInt(16)];
                    random.nextBytes(more);
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
                    System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
                    System.arraycopy(more, 0, longer, at, more.length);
                    bytes = longer;
                }
                default -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(32), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
            }
        }
        return bytes;
    }
}
