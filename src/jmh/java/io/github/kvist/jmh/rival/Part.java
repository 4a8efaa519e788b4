// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.jmh.rival;

/** Which bytes of each entry a scan reads. */
public enum Part {
    VALUES,
    KEYS_AND_VALUES
}
