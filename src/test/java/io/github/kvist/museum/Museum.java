// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.museum;

import java.util.List;

/** All exhibits, hall by hall. */
final class Museum {
    private static final List<List<Exhibit>> HALLS = List.of(
            LogHall.EXHIBITS, CheckpointHall.EXHIBITS, TreeHall.EXHIBITS, EngineHall.EXHIBITS, TableHall.EXHIBITS);

    static final List<Exhibit> EXHIBITS = HALLS.stream().flatMap(List::stream).toList();

    /** The first of each hall, which are caught in a moment. */
    static final List<Exhibit> QUICK = HALLS.stream().map(hall -> hall.get(0)).toList();

    private Museum() {}
}
