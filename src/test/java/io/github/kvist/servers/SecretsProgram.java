// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.servers;

import io.github.kvist.Kvist;
import io.github.kvist.api.Index;
import io.github.kvist.api.KvException;
import io.github.kvist.api.KvStore;
import io.github.kvist.api.Options;
import io.github.kvist.api.Table;
import io.github.kvist.backend.Address;
import io.github.kvist.codec.Keys;
import io.github.kvist.codec.Values;
import io.github.kvist.micrometer.KvistMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.jfr.Configuration;
import jdk.jfr.Event;
import jdk.jfr.Recording;
import org.slf4j.LoggerFactory;

/**
 * Fails in every way that a store on the network can, and prints all that there is to see. Reads the server's port and the store's
 * address, which has {@value #PORT_TEXT} for its port, from standard input.
 */
final class SecretsProgram {

    /** Stands for the port in an address: a number, so that the address is well formed. */
    static final int PORT = 11_111;

    private static final String PORT_TEXT = "" + PORT;
    static final String LOGGED = "the store's own log is seen";
    static final String LOGGED_BY_DRIVERS = "the log of drivers is seen";
    static final String METERED = "meters.are.seen";
    static final String RECORDED = "the recording is seen";
    static final String END = "all failures were seen";

    private static final Index<String, String> BY_VALUE = Index.unique("by_value", Keys.string(), value -> value);
    private static final Table<String, String> NAMES =
            Table.of("names", Keys.string(), Values.string()).with(BY_VALUE);
    private static final Table<byte[], byte[]> BYTES = Table.of("bytes", Keys.bytes(), Values.bytes());

    private final int port;
    private final String address;

    private SecretsProgram(int port, String address) {
        this.port = port;
        this.address = address;
    }

    public static void main(String[] arguments) throws Exception {
        logEverything();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        SecretsProgram program = new SecretsProgram(Integer.parseInt(in.readLine()), in.readLine());
        try (Recording recording = new Recording(Configuration.getConfiguration("profile"))) {
            recording.start();
            new Seen().commit();
            program.addresses();
            program.openings();
            program.calls();
            recording.dump(Path.of(arguments[0]));
        }
        System.out.println(END);
    }

    private static void logEverything() {
        Logger root = Logger.getLogger("");
        root.setLevel(Level.ALL);
        ConsoleHandler console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        root.addHandler(console);
        System.getLogger("io.github.kvist.seen").log(System.Logger.Level.DEBUG, LOGGED);
        LoggerFactory.getLogger("driver").trace(LOGGED_BY_DRIVERS);
    }

    private static final class Seen extends Event {
        private final String text = RECORDED;
    }

    /** Written wrongly in many ways. */
    private void addresses() {
        System.out.println(Address.parse(address));
        System.out.println(Address.parse(address).credentials());
        System.out.println(Options.defaults().credentials("ann", SecretsContract.CANARY));
        for (String wrong : new String[] {
            address.replace(PORT_TEXT, "99999"),
            address.replace(PORT_TEXT, "port"),
            address.replace("@", ""),
            address.replace("@", "/"),
            address.replace("//", "/"),
            address.replace("://", ":"),
            address.replace("?", "&"),
            address + "&nonsense=1",
            address + "&schema",
            "x" + address,
            address.replace(SecretsContract.CANARY, "%" + SecretsContract.CANARY),
            address.replace(SecretsContract.CANARY, "1/" + SecretsContract.CANARY),
            address.replace(SecretsContract.CANARY, "1?" + SecretsContract.CANARY),
            address.replace(SecretsContract.CANARY, "1@" + SecretsContract.CANARY + "@"),
        }) {
            fail("a malformed address", () -> Kvist.open(wrong, options()).close());
        }
    }

    private void openings() throws Exception {
        String right = at(port);
        fail(
                "a wrong password",
                () -> Kvist.open(right.replace(SecretsContract.CANARY, SecretsContract.CANARY + "-wrong"), options())
                        .close());
        fail(
                "a wrong password in the options",
                () -> Kvist.open(right, options().credentials("postgres", SecretsContract.CANARY + "-wrong"))
                        .close());
        fail(
                "an unknown user",
                () -> Kvist.open(right, options().credentials("nobody", SecretsContract.CANARY))
                        .close());
        fail("nobody listens", () -> Kvist.open(at(1), options()).close());
        fail(
                "no TLS there",
                () -> Kvist.open(
                                right.replace("redis:", "rediss:").replace("sslmode=disable", "sslmode=require"),
                                options())
                        .close());
        try (Proxy proxy = Proxy.to(port)) {
            proxy.refuse();
            fail("refused", () -> Kvist.open(at(proxy.port()), options()).close());
            proxy.heal();
            proxy.silence();
            fail("silent", () -> Kvist.open(at(proxy.port()), options()).close());
        }
    }

    private void calls() throws Exception {
        Kvist.open(at(port)).close();
        try (Proxy proxy = Proxy.to(port)) {
            KvStore store = Kvist.open(at(proxy.port()), options());
            store.in(NAMES).put("one", "value");
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            bind(store, meters);
            Gauge.builder(METERED, () -> 1).register(meters);

            fail("a key too long", () -> store.in(BYTES).put(new byte[1 << 20], new byte[0]));
            fail("a second owner", () -> store.in(NAMES).put("two", "value"));
            proxy.onRequest("unknown", Integer.MAX_VALUE, Proxy.Fault.CUT_AFTER);
            fail("an unknown outcome", () -> store.in(NAMES).put("unknown", "unknown"));
            proxy.silence();
            fail("a silent line", () -> store.in(NAMES).get("one"));
            show(store, meters);
            proxy.heal();
            proxy.refuse();
            proxy.cut();
            fail("a refused connection", () -> store.in(NAMES).get("one"));
            proxy.heal();
            show(store, meters);
            store.close();
            fail("a closed store", () -> store.in(NAMES).get("one"));
            System.out.println(store);
        }
    }

    private static void bind(KvStore store, SimpleMeterRegistry meters) {
        try {
            new KvistMetrics(store).bindTo(meters);
        } catch (KvException.Unsupported withoutFigures) {
            withoutFigures.printStackTrace(System.out);
            meters.clear();
        }
    }

    private static void show(KvStore store, SimpleMeterRegistry meters) {
        System.out.println(store + " " + store.capabilities());
        System.out.println(meters.getMetersAsString());
        try {
            System.out.println(store.admin().stats());
        } catch (KvException away) {
            away.printStackTrace(System.out);
        }
        Map<String, String> threads = new TreeMap<>();
        Thread.getAllStackTraces().keySet().forEach(thread -> threads.put(thread.getName(), thread.toString()));
        System.out.println(threads);
        System.out.println(System.getProperties());
    }

    private String at(int place) {
        return address.replace(PORT_TEXT, String.valueOf(place));
    }

    private static Options options() {
        return Options.defaults().timeout(Duration.ofMillis(500));
    }

    private static void fail(String what, Runnable call) {
        System.out.println("--- " + what);
        try {
            call.run();
        } catch (Throwable failure) {
            failure.printStackTrace(System.out);
            return;
        }
        throw new IllegalStateException("This should have failed: " + what);
    }
}
