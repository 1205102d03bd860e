package dev.packetpath.cli;

import com.google.common.base.Ascii;
import dev.packetpath.cli.calibrate.CalibrateCommand;
import dev.packetpath.cli.ipvs.IpvsReplayCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The {@code packetpath} command. Each subcommand is a class of its own, listed here.
 *
 * <p>Exit status: 0 the answer was given, 1 the input was bad or the output could not be written, 2
 * usage.
 */
@Command(
    name = "packetpath",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "What will the Linux kernel do to this packet, through which rules, at what cost?",
    subcommands = {
      TraceCommand.class,
      ReplayCommand.class,
      ProgramCommand.class,
      CompareCommand.class,
      IpvsReplayCommand.class,
      ExampleCommand.class,
      CalibrateCommand.class
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:the answer was given",
      "1:the input was bad, or the output could not be written",
      "2:usage"
    })
public final class Main implements Runnable {
  private static final Pattern NO_CHOICE =
      Pattern.compile(
          "(.*: )expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'", Pattern.DOTALL);

  @Spec private CommandSpec spec;

  /** Runs the command and leaves the JVM with its exit status. */
  public static void main(String[] args) {
    PrintWriter errors = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(StandardOutput.ofProcess(), errors, args));
  }

  /** Runs the command and returns its exit status. */
  static int run(StandardOutput output, PrintWriter errors, String... args) {
    PrintWriter out = output.writer();
    int status = commandLine().setOut(out).setErr(errors).execute(args);
    out.flush();
    if (output.failure().isEmpty() || output.readerLeft()) {
      return status;
    }
    errors.println(
        "packetpath: standard output: cannot be written: " + output.failure().orElse(""));
    return Failures.CANNOT_WRITE;
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(int.class, Numbers::intOf)
        .registerConverter(Integer.class, Numbers::intOf)
        .registerConverter(long.class, Numbers::longOf)
        .registerConverter(double.class, Numbers::doubleOf)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(new Failures());
  }

  private static int misused(ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    command.getErr().println("packetpath: " + explain(String.valueOf(misuse.getMessage())));
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  /** Returns picocli's message in the form of ours: what was found, then what was expected. */
  private static String explain(String message) {
    String text = message.replaceFirst("^Error: ", "");
    Matcher choice = NO_CHOICE.matcher(text);
    return choice.matches()
        ? choice.group(1)
            + "found \""
            + choice.group(3)
            + "\", expected one of "
            + Ascii.toLowerCase(choice.group(2))
        : text;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which command?");
  }

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"packetpath " + (version == null ? "development" : version)};
    }
  }
}
