// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import java.util.List;

/**
 * A defect: a few characters of one source file that are replaced by others, and the tests of which one must notice.
 *
 * @param name says what is wrong then
 * @param source the class, below {@code io.github.kvist}
 * @param text what stands there exactly once; white space counts as white space, whatever it is
 * @param defect what stands there instead
 * @param detectors in the order in which they are run until one fails, see {@link Detector}
 */
record Exhibit(String name, String source, String text, String defect, List<String> detectors) {

    static Exhibit of(String name, String source, String text, String defect, String... detectors) {
        return new Exhibit(name, source, text, defect, List.of(detectors));
    }

    @Override
    public String toString() {
        return name;
    }
}
