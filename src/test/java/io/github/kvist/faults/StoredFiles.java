// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.faults;

import io.github.kvist.testkit.SimulatedDisk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of a store as they lie on a disk, to be damaged and put onto another. Immutable; the bytes are not to be changed. */
final class StoredFiles {
    private static final String NO_DATA = "kvist.";

    private final Map<String, byte[]> contents;

    private StoredFiles(Map<String, byte[]> contents) {
        this.contents = contents;
    }

    /** All that holds data, as a process would find it that was started after this one was killed. */
    static StoredFiles of(SimulatedDisk disk) {
        Map<String, byte[]> contents = new TreeMap<>();
        try {
            for (String name : disk.list()) {
                byte[] content = name.startsWith(NO_DATA) ? null : disk.contentOf(name);
                if (content != null) {
                    contents.put(name, content);
                }
            }
        } catch (NoSuchFileException none) {
            return new StoredFiles(contents);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new StoredFiles(contents);
    }

    static StoredFiles of(Map<String, byte[]> contents) {
        return new StoredFiles(new TreeMap<>(contents));
    }

    List<String> names() {
        return List.copyOf(contents.keySet());
    }

    List<String> segments() {
        return names().stream().filter(name -> name.startsWith("log-")).toList();
    }

    /** The last segment that holds frames; empty if there is no log. */
    String lastSegment() {
        List<String> segments = segments();
        if (segments.isEmpty()) {
            return "";
        }
        for (int i = segments.size() - 1; i > 0; i--) {
            if (lengthWithoutZeros(contents.get(segments.get(i))) > 64) {
                return segments.get(i);
            }
        }
        return segments.get(0);
    }

    private static int lengthWithoutZeros(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }

    boolean has(String name) {
        return contents.containsKey(name);
    }

    byte[] contentOf(String name) {
        byte[] content = contents.get(name);
        if (content == null) {
            throw new IllegalArgumentException(name + " is not there");
        }
        return content;
    }

    int bytes() {
        return contents.values().stream().mapToInt(content -> content.length).sum();
    }

    StoredFiles with(String name, byte[] content) {
        Map<String, byte[]> changed = new TreeMap<>(contents);
        changed.put(name, content);
        return new StoredFiles(changed);
    }

    StoredFiles without(String name) {
        Map<String, byte[]> changed = new TreeMap<>(contents);
        changed.remove(name);
        return new StoredFiles(changed);
    }

    StoredFiles withChange(String name, int index, int bits) {
        byte[] content = contentOf(name).clone();
        content[index] ^= (byte) bits;
        return with(name, content);
    }

    StoredFiles cut(String name, int length) {
        return with(name, Arrays.copyOf(contentOf(name), length));
    }

    /** With {@code bytes} in place of those from {@code from} on, as far as the file goes. */
    StoredFiles overwritten(String name, int from, byte[] bytes) {
        byte[] content = contentOf(name).clone();
        System.arraycopy(bytes, 0, content, from, Math.min(bytes.length, content.length - from));
        return with(name, content);
    }

    StoredFiles appended(String name, byte[] more) {
        byte[] content = contentOf(name);
        byte[] longer = Arrays.copyOf(content, content.length + more.length);
        System.arraycopy(more, 0, longer, content.length, more.length);
        return with(name, longer);
    }

    SimulatedDisk toDisk() {
        SimulatedDisk disk = new SimulatedDisk();
        contents.forEach(disk::place);
        return disk;
    }

    /** What is different on a disk; empty if nothing is. */
    List<String> differencesTo(SimulatedDisk disk) {
        StoredFiles now = of(disk);
        List<String> differences = new ArrayList<>();
        for (String name : names()) {
            if (!now.has(name)) {
                differences.add(name + " is gone");
            } else if (!Arrays.equals(now.contents.get(name), contents.get(name))) {
                differences.add(name + " was changed");
            }
        }
        now.names().stream()
                .filter(name -> !has(name))
                .map(name -> name + " was made")
                .forEach(differences::add);
        return differences;
    }

    boolean isSameAs(StoredFiles other) {
        return differencesTo(other.toDisk()).isEmpty();
    }

    /** Whether {@code other} differs in nothing but zeros in place of the end of one file. */
    boolean isSameBut(String name, StoredFiles other) {
        for (String each : names()) {
            if (!other.has(each)) {
                return false;
            }
            byte[] mine = contents.get(each);
            byte[] theirs = other.contents.get(each);
            if (mine.length != theirs.length) {
                return false;
            }
            int first = Arrays.mismatch(mine, theirs);
            if (first >= 0 && (!each.equals(name) || lengthWithoutZeros(theirs) > first)) {
                return false;
            }
        }
        return names().size() == other.names().size();
    }
}
