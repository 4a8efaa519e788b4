// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.cli;

import java.io.BufferedOutputStream;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The {@code kvist} command. Its exit codes stand in {@link KvistCommand}, where {@code --help} finds them. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int exitCode =
                run(new Terminal(System.in, printer(System.out), printer(System.err), bytesOut(), isTerminal()), args);
        // After success main returns, because exec:java runs it inside Maven's own JVM. After a failure there is no
        // other way
        // to an exit code, and nothing that Maven would still have to do.
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Unlike {@link System#out} it says when something could not be written. */
    private static OutputStream bytesOut() {
        return new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
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
        return run(
                new Terminal(InputStream.nullInputStream(), out, err, OutputStream.nullOutputStream(), isTerminal),
                args);
    }

    static int run(Terminal terminal, String... args) {
        Screen screen = new Screen(terminal.out(), terminal.isInteractive());
        CommandLine kvist = new CommandLine(new KvistCommand(screen))
                .addSubcommand(new DemoCommand(screen))
                .addSubcommand(new StatCommand(terminal))
                .addSubcommand(new TablesCommand(terminal))
                .addSubcommand(new GetCommand(terminal))
                .addSubcommand(new ScanCommand(terminal))
                .addSubcommand(new PutCommand(terminal))
                .addSubcommand(new DeleteCommand(terminal))
                .addSubcommand(new WatchCommand(terminal))
                .addSubcommand(new VerifyCommand(terminal))
                .addSubcommand(new SalvageCommand(terminal))
                .addSubcommand(new CheckpointCommand(terminal))
                .addSubcommand(new BackupCommand(terminal))
                .addSubcommand(new RestoreCommand(terminal))
                .addSubcommand(new ExportCommand(terminal))
                .addSubcommand(new ImportCommand(terminal))
                .addSubcommand(new MigrateCommand(terminal))
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setUsageHelpWidth(Screen.COLUMNS)
                .setParameterExceptionHandler((refused, arguments) -> explain(refused, terminal))
                .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command, terminal));
        return finished(kvist.execute(args), terminal);
    }

    /** What was asked for and could not be printed has not been done. */
    private static int finished(int exitCode, Terminal terminal) {
        terminal.out().flush();
        if (exitCode != 0 || !terminal.out().checkError()) {
            return exitCode;
        }
        terminal.note("kvist: what was asked for could not be printed: the disk is full, or nobody reads.");
        return CommandFailure.FAILED;
    }

    /** One line of what is wrong, one of how it is right. */
    private static int explain(ParameterException refused, Terminal terminal) {
        CommandLine command = refused.getCommandLine();
        terminal.note("kvist: " + Printable.of(String.valueOf(refused.getMessage())));
        terminal.note(command.getHelp().synopsisHeading()
                + command.getHelp().synopsis(0).strip());
        terminal.note("Try " + command.getCommandSpec().qualifiedName() + " --help");
        return CommandFailure.USAGE;
    }

    private static int explain(Exception failure, CommandLine command, Terminal terminal) {
        Complaint complaint = Complaint.of(failure);
        terminal.note("kvist: " + complaint.message());
        if (command.getParseResult().hasMatchedOption(CommonOptions.DEBUG)) {
            failure.printStackTrace(terminal.err());
            terminal.err().flush();
        }
        return complaint.exitCode();
    }
}
