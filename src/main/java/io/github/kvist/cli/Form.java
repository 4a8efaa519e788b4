// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KeyRange;
import io.github.kvist.api.Pair;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the bytes that a codec makes are written by people and by programs; known from the codec's id alone. */
interface Form {

    /** As a line for people; bytes that are not what the codec makes are spelled out as {@code hex:…}. */
    String text(byte[] bytes);

    /** As a value of JSON; {@code null} if there is no better way than Base64. */
    @Nullable
    String json(byte[] bytes);

    /**
     * The bytes of what a person wrote.
     *
     * @throws IllegalArgumentException if it is not {@link #expected}
     */
    byte[] bytes(String text);

    /**
     * All keys that begin like this.
     *
     * @throws IllegalArgumentException if such keys have no prefixes, or this is none
     */
    KeyRange<byte[]> prefix(String text);

    /** What a person has to write, such as "a whole number". */
    String expected();

    /** Whether everything that {@link #bytes} accepts is something that the program behind the table can read. */
    boolean isWritable();

    /** The form for the codec of this id. */
    static Form of(String codec) {
        if (codec.equals("json")) {
            return new JsonForm();
        }
        TypedForm<?> typed = typed(codec);
        return typed == null ? new BytesForm(codec) : typed;
    }

    private static @Nullable TypedForm<?> typed(String codec) {
        TypedForm<?> scalar = ScalarForm.of(codec);
        if (scalar != null) {
            return scalar;
        }
        if (codec.equals("bytes")) {
            return new BytesForm(codec);
        }
        return codec.startsWith("tuple(") && codec.endsWith(")")
                ? tuple(parts(codec.substring("tuple(".length(), codec.length() - 1)))
                : null;
    }

    private static @Nullable TypedForm<?> tuple(List<String> parts) {
        List<TypedForm<?>> forms = new ArrayList<>();
        for (String part : parts) {
            TypedForm<?> form = typed(part);
            if (form == null) {
                return null; // where its bytes end is not known
            }
            forms.add(form);
        }
        return switch (forms.size()) {
            case 2 -> pair(forms.get(0), forms.get(1));
            case 3 -> triple(forms.get(0), forms.get(1), forms.get(2));
            default -> null;
        };
    }

    private static <A, B> TypedForm<Pair<A, B>> pair(TypedForm<A> first, TypedForm<B> second) {
        return new PairForm<>(first, second);
    }

    private static <A, B, C> TypedForm<?> triple(TypedForm<A> first, TypedForm<B> second, TypedForm<C> third) {
        return new TripleForm<>(first, second, third);
    }

    /** Splits at the commas that are not inside parentheses. */
    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i < list.length(); i++) {
            char c = list.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth == 0) {
                parts.add(list.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(list.substring(start));
        return parts;
    }
}
