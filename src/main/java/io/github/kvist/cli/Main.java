// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import io.github.kvist.api.KvException;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import picocli.CommandLine;

/** The {@code kvist} command. Exit code 0: done; 1: it failed; 2: the arguments make no sense. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int exitCode = run(printer(System.out), printer(System.err), isTerminal(), args);
        // After success main returns, because exec:java runs it inside Maven's own JVM. After a failure there is no
        // other way
        // to an exit code, and nothing that Maven would still have to do.
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static PrintWriter printer(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }

    @SuppressWarnings("SystemConsoleNull") // asked further where it is not null
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there may be a console without a terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException olderJdk) {
            return true;
        } catch (ReflectiveOperationException unanswered) {
            return false;
        }
    }

    static int run(PrintWriter out, PrintWriter err, boolean isTerminal, String... args) {
        Screen screen = new Screen(out, isTerminal);
        // Without a command it is the demo, so that the shortest call shows something.
        return new CommandLine(new DemoCommand(screen))
                .setCommandName("kvist")
                .addSubcommand(new DemoCommand(screen))
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, err))
                .execute(args);
    }

    private static int explain(Exception failure, PrintWriter err) throws Exception {
        if (failure instanceof CommandFailure expected) {
            err.println("kvist: " + expected.getMessage());
            return expected.exitCode();
        }
        if (failure instanceof KvException || failure instanceof UncheckedIOException) {
            err.println("kvist: " + failure.getMessage());
            return CommandFailure.FAILED;
        }
        throw failure; // a mistake of ours: picocli prints where
    }
}
