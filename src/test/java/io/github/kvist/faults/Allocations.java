// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Lets the memory run out at the n-th allocation: rewrites classes so that each place that allocates asks here first. Such places
 * are the instructions that make objects and arrays, and calls of methods of other libraries that may do so inside.
 *
 * <p>Static, because rewritten code can reach nothing else; so one test of a process uses it at a time. Class initializers are
 * left alone: one that fails takes its class away for good, whatever the program does.
 */
public final class Allocations {

    private static final List<String> SITES = new ArrayList<>();
    private static final BitSet REACHED = new BitSet();
    private static final BitSet FAILED = new BitSet();

    private static volatile boolean armed;
    private static long passed;
    private static long nth;
    private static @Nullable String failedAt;

    private Allocations() {}

    /** From now on allocations are counted, by whatever thread, and the {@code nth} fails, once. */
    public static synchronized void failAt(long nth) {
        Allocations.nth = nth;
        passed = 0;
        failedAt = null;
        armed = true;
    }

    /** Allocations pass uncounted until {@link #goOn}. */
    public static void pause() {
        armed = false;
    }

    /** Counts on where {@link #pause} stopped, unless there was a failure. */
    public static synchronized void goOn() {
        armed = failedAt == null;
    }

    /** Where it failed; {@code null} if so many allocations did not come. */
    public static synchronized @Nullable String failedAt() {
        return failedAt;
    }

    /** How many allocations have passed. */
    static synchronized long passed() {
        return passed;
    }

    /** How many places there are in what was rewritten so far. */
    static synchronized int sites() {
        return SITES.size();
    }

    /** How many places the program came to. */
    static synchronized int reached() {
        return REACHED.cardinality();
    }

    /** How many of them failed at least once. */
    static synchronized int failed() {
        return FAILED.cardinality();
    }

    /** Called by rewritten code before it allocates. */
    public static void allocating(int site) {
        if (armed) {
            count(site);
        }
    }

    private static synchronized void count(int site) {
        if (!armed) {
            return;
        }
        REACHED.set(site);
        if (++passed == nth) {
            armed = false;
            FAILED.set(site);
            failedAt = SITES.get(site) + " on " + Thread.currentThread().getName();
            throw new OutOfMemoryError("planted at " + failedAt);
        }
    }

    private static synchronized int site(String where) {
        SITES.add(where);
        return SITES.size() - 1;
    }

    /** The class, asking before it allocates. */
    static byte[] rewritten(byte[] code) {
        ClassReader reader = new ClassReader(code);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new AskingClass(writer, reader.getClassName()), 0);
        return writer.toByteArray();
    }

    private static final class AskingClass extends ClassVisitor {
        private final String owner;

        AskingClass(ClassVisitor target, String owner) {
            super(Opcodes.ASM9, target);
            this.owner = owner;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor target = super.visitMethod(access, name, descriptor, signature, exceptions);
            return name.equals("<clinit>") ? target : new AskingMethod(target, owner + "." + name);
        }
    }

    private static final class AskingMethod extends MethodVisitor {
        private final String where;
        private int line;

        AskingMethod(MethodVisitor target, String where) {
            super(Opcodes.ASM9, target);
            this.where = where;
        }

        private void ask(String what) {
            visitLdcInsn(site(where + ":" + line + " " + what));
            super.visitMethodInsn(
                    Opcodes.INVOKESTATIC, Allocations.class.getName().replace('.', '/'), "allocating", "(I)V", false);
        }

        @Override
        public void visitLineNumber(int number, Label start) {
            line = number;
            super.visitLineNumber(number, start);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            if (opcode == Opcodes.ANEWARRAY) {
                ask("new " + type + "[]");
            }
            super.visitTypeInsn(opcode, type);
            if (opcode == Opcodes.NEW) {
                ask("new " + type); // behind it: frames refer to an object without a constructor by its instruction
            }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                ask("new array");
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
            ask("new " + descriptor);
            super.visitMultiANewArrayInsn(descriptor, dimensions);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            ask("dynamic " + name);
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            if (mayAllocate(owner, name)) {
                ask(owner + "." + name);
            }
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }

        /** Whether a call gets out of the classes that can be rewritten, to something that makes objects. */
        private static boolean mayAllocate(String owner, String name) {
            if (owner.startsWith("io/github/kvist/backend/FileSystem")) {
                return !name.equals("close");
            }
            if (owner.startsWith("io/github/kvist/") || name.equals("<init>")) {
                return false;
            }
            return switch (name) {
                case "add",
                        "addAll",
                        "put",
                        "putIfAbsent",
                        "computeIfAbsent",
                        "merge",
                        "push",
                        "offer",
                        "iterator",
                        "entrySet",
                        "keySet",
                        "values",
                        "stream",
                        "toList",
                        "of",
                        "copyOf",
                        "copyOfRange",
                        "clone",
                        "valueOf",
                        "getBytes",
                        "toString",
                        "concat",
                        "format",
                        "formatted",
                        "submit",
                        "execute",
                        "start",
                        "update",
                        "encode" ->
                    !owner.startsWith("java/util/concurrent/atomic")
                            && !owner.endsWith("Checksum")
                            && !owner.endsWith("CRC32C")
                            && !owner.equals("java/util/OptionalLong");
                default -> false;
            };
        }
    }
}
