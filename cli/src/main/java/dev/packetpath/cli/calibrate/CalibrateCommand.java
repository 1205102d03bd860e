package dev.packetpath.cli.calibrate;

import com.google.common.io.MoreFiles;
import dev.packetpath.cli.OutputFile;
import dev.packetpath.cli.progress.ProgressBar;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code packetpath calibrate}: the running kernel in, a cost profile out. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 110,
    customSynopsis = "packetpath calibrate --out FILE [OPTION...]",
    optionListHeading = "%n",
    description = {
      "Measure this machine's kernel, and write a cost profile for --profile.",
      "It takes the times of rules, connection tracking, address translation and connections through",
      "kube-proxy's rules, in network namespaces that go with the command: nothing of the machine changes.",
      "Takes about a minute and needs root, python3, ip and iptables-legacy-restore (with ipset; nft",
      "if it is there)."
    },
    footer = {
      "%nExamples:",
      "  sudo packetpath calibrate --out here.yaml",
      "  packetpath trace --profile here.yaml",
      "  packetpath compare --profile here.yaml --out results"
    })
public final class CalibrateCommand implements Callable<Integer> {
  private static final String BASE = "linux-6.18";
  private static final int FEWEST_ROUNDS = 5;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "where the profile goes, as YAML")
  private Path out = Path.of("");

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often each thing is measured, in turn with the others (default: 20)")
  private int rounds = Calibration.ROUNDS;

  @Option(
      names = "--services",
      paramLabel = "N",
      split = ",",
      description = "how many Services connections find (default: 10,100,1000,10000)")
  private List<Integer> services = Calibration.COUNTS;

  @Override
  public Integer call() throws IOException {
    if (rounds < FEWEST_ROUNDS) {
      throw misuse("--rounds " + rounds + ", expected at least " + FEWEST_ROUNDS);
    }
    List<Integer> counts = services.stream().distinct().sorted().toList();
    if (counts.get(0) < 1 || counts.get(counts.size() - 1) > 20_000) {
      throw misuse("--services " + services + ", expected numbers from 1 to 20000");
    }
    OutputFile.check(out);
    calibrate(counts);
    spec.commandLine().getOut().println("written to " + out);
    return 0;
  }

  private void calibrate(List<Integer> counts) throws IOException {
    Machine machine = Machine.here();
    Calibration calibration = new Calibration(rounds, counts, Machine.hasTool("nft"));
    Measurements measured;
    try (ProgressBar progress = ProgressBar.on(spec.commandLine().getErr())) {
      measured = KernelMeasurement.run(calibration.plan(), progress::at);
    }
    Profile profile =
        calibration.profile(
            measured,
            Profiles.shipped(BASE),
            MoreFiles.getNameWithoutExtension(out),
            machine.description(),
            machine.kernel());
    OutputFile.write(out, text -> Profiles.write(profile, text));
    spec.commandLine().getOut().print(new CalibrationReport(machine, measured, profile).text());
  }

  private ParameterException misuse(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
