// SPDX-License-Identifier: Apache-2.0
package io.github.kvist;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The floor plan of the house: which room may import which, and the rules that hold in all of them.
 *
 * <p>A row that has to grow is a design decision, and comes with its reason in the commit.
 */
final class ArchitectureTest {
    private static final String HOUSE = "io.github.kvist";

    /** What every room may use; {@code sun.misc} and the JDK's own internals are left out on purpose. */
    private static final List<String> EVERYWHERE = List.of("java", "javax", "jdk.jfr", "org.jspecify.annotations");

    private static final String COLLECTIONS = "org.eclipse.collections";
    private static final String JACKSON = "com.fasterxml.jackson";

    /** From the ground up: a room imports only rooms of the rows above its own. */
    private static final List<Room> LIBRARY = List.of(
            room(".api").exported(),
            room(".tree"), // the JDK only
            room(".event"), // the JDK's flight recorder
            room(".codec", ".api").exported().using(JACKSON),
            room(".format", ".api"),
            room(".backend", ".api").exported(),
            room(".backend.memory", ".api", ".backend", ".format"),
            room(".backend.file", ".api", ".backend", ".format"), // and so no sibling
            room(".backend.postgres", ".api", ".backend") // backend.postgres
                    .exported()
                    .using("org.postgresql", "com.zaxxer.hikari"), // backend.postgres: the driver and its pool
            room(".backend.redis", ".api", ".backend").exported().using("redis.clients.jedis"), // backend.redis
            room(".wal", ".api", ".backend", ".event", ".format"), // reports its syncs
            room(".checkpoint", ".api", ".backend", ".format", ".tree"),
            // backend.memory, because a fork of any store lives in memory
            room(".engine", ".api", ".backend", ".backend.memory", ".event", ".format", ".tree", ".wal", ".checkpoint")
                    .using(COLLECTIONS),
            room(".optimistic", ".api", ".backend"),
            // optimistic, for backends without transactions of their own; Jackson writes and reads the lines of exports
            room(".table", ".api", ".codec", ".backend", ".optimistic")
                    .using(COLLECTIONS, JACKSON), // and so not the engine
            // Micrometer, for those who have it: an optional dependency that only this room sees
            room(".micrometer", ".api").exported().using("io.micrometer.core"),
            room(".migrate", ".api", ".backend", ".table").exported());

    /** Opens a store and wires its parts. */
    private static final Room ROOT = room("", paths(LIBRARY)).exported();

    /** Lives in the tests jar: what the author of a backend runs against it. */
    private static final Room TESTKIT = room(".testkit", ".api", ".codec", ".backend")
            .alsoImporting(ROOT)
            .using("org.junit.jupiter", "org.assertj", "net.jqwik");

    private static final Room CLI =
            // Jackson, because what the command prints for other programs is JSON
            room(".cli", paths(LIBRARY)).alsoImporting(ROOT).using("picocli", JACKSON);

    private static final List<Room> FLOOR_PLAN =
            Stream.concat(LIBRARY.stream(), Stream.of(ROOT, TESTKIT, CLI)).toList();

    private static final JavaClasses HOUSE_CLASSES = new ClassFileImporter()
            .withImportOption(location -> !isTest(location) || location.contains("/testkit/"))
            .importPackages(HOUSE);

    /** Under the profile of the benchmarks the tests' classes lie beside those. */
    private static boolean isTest(Location location) {
        return !ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(location) || location.contains("/jmh-classes/");
    }

    @ParameterizedTest
    @MethodSource("floorPlan")
    void roomImportsOnlyWhatItsRowAllows(Room room) {
        List<String> strangers = classesIn(room)
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> !room.mayImport(targetPackage(dependency)))
                .map(Dependency::getDescription)
                .toList();

        assertThat(strangers).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("floorPlan")
    void rowNamesOnlyRoomsAboveItsOwn(Room room) {
        List<String> above = FLOOR_PLAN.subList(0, FLOOR_PLAN.indexOf(room)).stream()
                .map(Room::path)
                .toList();

        assertThat(above).doesNotContain(room.path()).containsAll(room.imports());
    }

    @Test
    void everyPackageIsARoomOfTheFloorPlan() {
        assertThat(floorPlan().map(Room::packageName)).containsAll(packages());
    }

    @Test
    void everyRoomSaysWhatItIsForAndIsNullMarked() {
        Predicate<String> nullMarked = name -> HOUSE_CLASSES.getPackage(name).isAnnotatedWith(NullMarked.class);

        assertThat(packages()).allMatch(nullMarked, "has a package-info.java with @NullMarked");
    }

    @Test
    void moduleExportsThePublicRoomsOnly() {
        Set<String> packages = packages();
        List<String> publicRooms = floorPlan()
                .filter(Room::isExported)
                .map(Room::packageName)
                .filter(packages::contains)
                .toList();

        assertThat(module().exports().stream().map(ModuleDescriptor.Exports::source))
                .containsExactlyInAnyOrderElementsOf(publicRooms);
    }

    @Test
    void onlyTheCommandLineIsOpenToReflection() {
        assertThat(module().opens()).singleElement().satisfies(opened -> {
            assertThat(opened.source()).isEqualTo(CLI.packageName());
            assertThat(opened.targets()).containsExactlyInAnyOrder("com.fasterxml.jackson.databind", "info.picocli");
        });
    }

    @Test
    void nothingIsReadOrWrittenByJavaSerialization() {
        Set<String> serialization =
                Set.of("java.io.ObjectInputStream", "java.io.ObjectOutputStream", "java.io.Externalizable");

        assertThat(dependenciesOn(type -> serialization.contains(type.getFullName())))
                .isEmpty();
    }

    @Test
    void jsonNeverNamesTheClassToInstantiate() {
        Predicate<AccessTarget> typing =
                target -> target.getOwner().getFullName().startsWith(JACKSON)
                        && (target.getName().contains("DefaultTyping")
                                || target.getName().contains("PolymorphicTypeValidator"));

        assertThat(accessesTo(typing, HOUSE_CLASSES.stream())).isEmpty();
        assertThat(dependenciesOn(type -> type.getSimpleName().equals("JsonTypeInfo")))
                .isEmpty();
    }

    @Test
    void onlyTheCommandLinePrints() {
        Stream<JavaClass> libraryClasses =
                HOUSE_CLASSES.stream().filter(type -> !type.getPackageName().equals(HOUSE + ".cli"));
        Predicate<AccessTarget> printing = target -> (target.getOwner().isEquivalentTo(System.class)
                        && Set.of("out", "err").contains(target.getName()))
                || target.getName().equals("printStackTrace");

        assertThat(accessesTo(printing, libraryClasses)).isEmpty();
    }

    @Test
    void everySourceFileNamesItsLicenceOnTheFirstLine() throws IOException {
        assertThat(sourceFiles())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(firstLine(file)).isEqualTo("// SPDX-License-Identifier: Apache-2.0"));
    }

    static Stream<Room> floorPlan() {
        return FLOOR_PLAN.stream();
    }

    private static Room room(String path, String... imports) {
        return new Room(path, List.of(imports), List.of(), false);
    }

    private static String[] paths(List<Room> rooms) {
        return rooms.stream().map(Room::path).toArray(String[]::new);
    }

    private static Stream<JavaClass> classesIn(Room room) {
        return HOUSE_CLASSES.stream().filter(type -> type.getPackageName().equals(room.packageName()));
    }

    private static String targetPackage(Dependency dependency) {
        return dependency.getTargetClass().getBaseComponentType().getPackageName();
    }

    private static Set<String> packages() {
        Set<String> packages = new TreeSet<>();
        HOUSE_CLASSES.stream()
                .filter(type -> !type.getSimpleName().equals("package-info")) // javac exports no package without a type
                .forEach(type -> packages.add(type.getPackageName()));
        return packages;
    }

    private static List<String> dependenciesOn(Predicate<JavaClass> target) {
        return HOUSE_CLASSES.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> target.test(dependency.getTargetClass()))
                .map(Dependency::getDescription)
                .toList();
    }

    private static List<String> accessesTo(Predicate<AccessTarget> target, Stream<JavaClass> from) {
        return from.flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> target.test(access.getTarget()))
                .map(JavaAccess::getDescription)
                .toList();
    }

    private static ModuleDescriptor module() {
        return ModuleFinder.of(Path.of("target", "classes"))
                .find(HOUSE)
                .orElseThrow()
                .descriptor();
    }

    private static List<Path> sourceFiles() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static String firstLine(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        }
    }

    /** One row: {@code path} is the package below the root, {@code imports} the paths it may use. */
    private record Room(String path, List<String> imports, List<String> libraries, boolean isExported) {
        Room exported() {
            return new Room(path, imports, libraries, true);
        }

        Room using(String... names) {
            return new Room(path, imports, List.of(names), isExported);
        }

        Room alsoImporting(Room other) {
            List<String> more =
                    Stream.concat(imports.stream(), Stream.of(other.path)).toList();
            return new Room(path, more, libraries, isExported);
        }

        String packageName() {
            return HOUSE + path;
        }

        boolean mayImport(String name) {
            if (name.isEmpty() || name.equals(packageName())) {
                return true; // primitive types live in no package
            }
            if (name.equals(HOUSE) || name.startsWith(HOUSE + ".")) {
                return imports.contains(name.substring(HOUSE.length()));
            }
            return Stream.concat(EVERYWHERE.stream(), libraries.stream())
                    .anyMatch(allowed -> name.equals(allowed) || name.startsWith(allowed + "."));
        }

        @Override
        public String toString() {
            return packageName();
        }
    }
}
