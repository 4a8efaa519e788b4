// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads who a class is from its class file: its name, superclass and interfaces.
 *
 * <p>Follows chapter 4 of the Java Virtual Machine Specification. The outline is walked to the last byte, so that a file cut
 * anywhere is noticed; what fields, methods and attributes hold is passed over. Whatever the bytes are, the answer is a
 * {@link ClassFile} or a {@link MalformedClassFileException}, and memory is at most four bytes per byte of input.
 */
final class ClassFileReader {
    private static final int MAGIC = 0xCAFEBABE;
    private static final int ACC_INTERFACE = 0x0200;

    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;

    private final ByteBuffer bytes;

    /** Where each constant's tag lies; 0, which is inside the magic number, for an index that has none. */
    private int[] constants = {};

    private ClassFileReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
    }

    static ClassFile read(byte[] bytes) throws MalformedClassFileException {
        return new ClassFileReader(bytes).read();
    }

    private ClassFile read() throws MalformedClassFileException {
        if (u4() != MAGIC) {
            throw new MalformedClassFileException(0, "it does not begin with CAFEBABE");
        }
        skip(4); // the version: this outline is the same in all of them
        readConstants();
        boolean isInterface = (u2() & ACC_INTERFACE) != 0;
        String name = className(u2());
        String superclass = classNameOrNull(u2());
        List<String> interfaces = classNames();
        skipMembers(); // fields
        skipMembers(); // methods
        skipAttributes();
        if (bytes.hasRemaining()) {
            throw malformed(bytes.remaining() + " more bytes follow the end of the class");
        }
        // The file of an interface names java.lang.Object, the language says that it has no superclass.
        return new ClassFile(name, isInterface ? null : superclass, interfaces);
    }

    private void readConstants() throws MalformedClassFileException {
        int count = u2();
        need(count - 1L); // each takes three bytes or more; no table for more than can be there
        constants = new int[count];
        for (int index = 1; index < count; index++) {
            constants[index] = bytes.position();
            int tag = u1();
            skip(tag == UTF8 ? u2() : constantBytes(tag));
            if (tag == LONG || tag == DOUBLE) {
                index++; // takes two indexes, the second unusable
            }
        }
    }

    private int constantBytes(int tag) throws MalformedClassFileException {
        return switch (tag) {
            case CLASS, 8, 16, 19, 20 -> 2; // and String, MethodType, Module, Package
            case 15 -> 3; // MethodHandle
            case 3, 4, 9, 10, 11, 12, 17, 18 ->
                4; // Integer, Float, three kinds of Ref, NameAndType, two kinds of Dynamic
            case LONG, DOUBLE -> 8;
            default ->
                throw new MalformedClassFileException(bytes.position() - 1, "a constant cannot have the tag " + tag);
        };
    }

    private List<String> classNames() throws MalformedClassFileException {
        List<String> names = new ArrayList<>();
        for (int left = u2(); left > 0; left--) {
            names.add(className(u2()));
        }
        return names;
    }

    private @Nullable String classNameOrNull(int index) throws MalformedClassFileException {
        return index == 0 ? null : className(index);
    }

    private String className(int index) throws MalformedClassFileException {
        int nameIndex = bytes.getChar(constant(index, CLASS) + 1);
        return utf8(constant(nameIndex, UTF8) + 1).replace('/', '.');
    }

    /** Where the constant lies, which must be there and of that kind. */
    private int constant(int index, int tag) throws MalformedClassFileException {
        int offset = index < constants.length ? constants[index] : 0;
        if (offset == 0 || bytes.get(offset) != tag) {
            throw malformed("constant " + index + " should be there and have the tag " + tag);
        }
        return offset;
    }

    private String utf8(int offset) throws MalformedClassFileException {
        int length = bytes.getChar(offset);
        try {
            // The length and the modified UTF-8 of a constant are just what readUTF takes.
            return new DataInputStream(new ByteArrayInputStream(bytes.array(), offset, 2 + length)).readUTF();
        } catch (IOException notUtf8) {
            MalformedClassFileException malformed =
                    new MalformedClassFileException(offset, "a name is not modified UTF-8");
            malformed.initCause(notUtf8);
            throw malformed;
        }
    }

    private void skipMembers() throws MalformedClassFileException {
        for (int left = u2(); left > 0; left--) {
            skip(6); // flags, name, type
            skipAttributes();
        }
    }

    private void skipAttributes() throws MalformedClassFileException {
        for (int left = u2(); left > 0; left--) {
            skip(2); // name
            skip(Integer.toUnsignedLong(u4()));
        }
    }

    private int u1() throws MalformedClassFileException {
        need(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    private int u2() throws MalformedClassFileException {
        need(2);
        return bytes.getChar();
    }

    private int u4() throws MalformedClassFileException {
        need(4);
        return bytes.getInt();
    }

    private void skip(long count) throws MalformedClassFileException {
        need(count);
        bytes.position(bytes.position() + (int) count);
    }

    private void need(long count) throws MalformedClassFileException {
        if (count > bytes.remaining()) {
            throw malformed(count + " more bytes should follow, " + bytes.remaining() + " do");
        }
    }

    private MalformedClassFileException malformed(String what) {
        return new MalformedClassFileException(bytes.position(), what);
    }
}
