// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class ClassFileReaderTest {

    @Test
    void readsNameSuperclassAndInterfaces() throws IOException {
        ClassFile type = ClassFileReader.read(bytesOf(Integer.class));

        assertThat(type.name()).isEqualTo("java.lang.Integer");
        assertThat(type.superclass()).isEqualTo("java.lang.Number");
        assertThat(type.interfaces())
                .startsWith("java.lang.Comparable")
                .containsExactlyElementsOf(interfacesOf(Integer.class));
    }

    @Test
    void objectHasNoSuperclass() throws IOException {
        assertThat(ClassFileReader.read(bytesOf(Object.class)))
                .isEqualTo(new ClassFile("java.lang.Object", null, List.of()));
    }

    @Test
    void interfaceHasNoSuperclass() throws IOException {
        assertThat(ClassFileReader.read(bytesOf(List.class)).superclass()).isNull();
    }

    @Test
    void nestedClassHasItsBinaryName() throws IOException {
        assertThat(ClassFileReader.read(bytesOf(MethodHandles.Lookup.class)).name())
                .isEqualTo("java.lang.invoke.MethodHandles$Lookup");
    }

    @Test
    void nameBeyondAsciiIsRead() throws IOException {
        byte[] bytes = bytesOf(Object.class);
        byte[] renamed = "Öbjet".getBytes(UTF_8); // as long as "Object"
        System.arraycopy(renamed, 0, bytes, indexOf(bytes, "java/lang/Object") + 10, renamed.length);

        assertThat(ClassFileReader.read(bytes).name()).isEqualTo("java.lang.Öbjet");
    }

    @Test
    void agreesWithReflectionOnTheClassesOfJavaUtil() {
        List<JdkClass> classes = JdkCatalogue.ofModule("java.base").files().stream()
                .filter(file -> file.toString().startsWith("/modules/java.base/java/util/"))
                .map(JdkCatalogue::read)
                .toList();

        assertThat(classes).hasSizeGreaterThan(500).allSatisfy(found -> {
            Class<?> type = Class.forName(found.name(), false, null);
            assertThat(found.superclass())
                    .isEqualTo(
                            type.getSuperclass() == null
                                    ? null
                                    : type.getSuperclass().getName());
            assertThat(found.interfaces()).isEqualTo(interfacesOf(type));
            assertThat(found.packageName()).isEqualTo(type.getPackageName());
            assertThat(found.module()).isEqualTo("java.base");
        });
    }

    @Test
    void fileCutAtAnyByteIsRefused() throws IOException {
        byte[] whole = bytesOf(Integer.class);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertRefused(() -> ClassFileReader.read(cut));
        }
    }

    @Test
    void bytesAfterTheEndAreRefused() throws IOException {
        byte[] whole = bytesOf(Integer.class);

        assertThatThrownBy(() -> ClassFileReader.read(Arrays.copyOf(whole, whole.length + 3)))
                .isInstanceOf(MalformedClassFileException.class)
                .hasMessageContaining("byte " + whole.length)
                .hasMessageContaining("3 more bytes follow the end");
    }

    @Test
    void otherFileIsRefused() {
        assertThatThrownBy(() -> ClassFileReader.read("PK and more".getBytes(UTF_8)))
                .isInstanceOf(MalformedClassFileException.class)
                .hasMessageContaining("does not begin with CAFEBABE");
    }

    @Test
    void unknownConstantIsRefusedWithItsPlace() throws IOException {
        byte[] bytes = bytesOf(Object.class);
        bytes[10] = 99;

        assertThatThrownBy(() -> ClassFileReader.read(bytes))
                .isInstanceOf(MalformedClassFileException.class)
                .hasMessageContaining("byte 10: a constant cannot have the tag 99");
    }

    @Test
    void nameThatIsNotUtf8IsRefused() throws IOException {
        byte[] bytes = bytesOf(Object.class);
        bytes[indexOf(bytes, "java/lang/Object")] = (byte) 0xFF;

        assertThatThrownBy(() -> ClassFileReader.read(bytes))
                .isInstanceOf(MalformedClassFileException.class)
                .hasMessageContaining("not modified UTF-8")
                .hasRootCauseInstanceOf(UTFDataFormatException.class);
    }

    @Test
    void whateverTheBytesAreNothingElseIsThrown() throws IOException {
        byte[] whole = bytesOf(Integer.class);
        Random random = new Random(17);

        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = whole.clone();
            for (int flips = random.nextInt(3); flips >= 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            try {
                ClassFileReader.read(damaged);
            } catch (MalformedClassFileException expected) {
                refused++;
            }
        }

        assertThat(refused).isPositive();
    }

    private static void assertRefused(ThrowingCallable read) {
        assertThatThrownBy(read).isInstanceOf(MalformedClassFileException.class);
    }

    private static List<String> interfacesOf(Class<?> type) {
        return Stream.of(type.getInterfaces()).map(Class::getName).toList();
    }

    private static byte[] bytesOf(Class<?> type) throws IOException {
        String file = type.getName().substring(type.getName().lastIndexOf('.') + 1) + ".class";
        try (InputStream in = Objects.requireNonNull(type.getResourceAsStream(file))) {
            return in.readAllBytes();
        }
    }

    private static int indexOf(byte[] bytes, String text) {
        int index = new String(bytes, ISO_8859_1).indexOf(text);
        assertThat(index).isPositive();
        return index;
    }
}
