package dev.packetpath.cli;

import dev.packetpath.cli.calibrate.CalibrateCommand;
import dev.packetpath.cli.ipvs.IpvsReplayCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
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
  @Spec private CommandSpec spec;

  /** Runs the command and leaves the JVM with its exit status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(Main::runAndFlush)
        .setParameterExceptionHandler(Main::misused)
        .setExecutionExceptionHandler(new Failures());
  }

  private static int runAndFlush(ParseResult parsed) {
    int status = new RunLast().execute(parsed);
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandLine command = last.commandSpec().commandLine();
    if (command.getOut().checkError()) {
      command.getErr().println("packetpath: standard output: cannot be written");
      return Failures.CANNOT_WRITE;
    }
    return status;
  }

  private static int misused(ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    command.getErr().println("packetpath: " + misuse.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
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
