package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import dev.packetpath.cli.compare.Assumption;
import dev.packetpath.cli.compare.Report;
import dev.packetpath.cli.compare.ReportFiles;
import dev.packetpath.cli.compare.ResultsJson;
import dev.packetpath.cli.compare.ResultsText;
import dev.packetpath.cli.progress.ProgressBar;
import dev.packetpath.compare.CalicoRules;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Experiment;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.KernelEra;
import dev.packetpath.compare.LabParameters;
import dev.packetpath.compare.Laboratory;
import dev.packetpath.compare.ModeSweep;
import dev.packetpath.compare.Sweep;
import dev.packetpath.compare.advice.Advisor;
import dev.packetpath.compare.work.MadeUpWorkload;
import dev.packetpath.core.cost.UnpricedException;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code packetpath compare}: which mode, at what cost. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 110,
    customSynopsis = "packetpath compare [OPTION...]",
    optionListHeading = "%n",
    description = {
      "Compare kube-proxy's modes: response time, CPU and rules of a new connection.",
      "All against the number of Services, with and without keepalive, simulated from what packets do."
    },
    footer = {
      "%nExamples:",
      "  packetpath compare",
      "  packetpath compare --out result        # charts, and result/report.html for a browser",
      "  packetpath compare --profile article-2019 --modes iptables,ipvs --out article",
      "  packetpath compare --services 2000 --rate 5000 --keepalive 1,20",
      "  kubectl get services,endpointslices,nodes -A -o yaml | packetpath compare --manifests -"
    })
final class CompareCommand implements Callable<Integer> {
  private static final List<Integer> SERVICES = List.of(10, 100, 500, 1000, 5000, 10_000);
  private static final int ENDPOINTS = 10;
  private static final List<ProxyMode> WITH_CALICO =
      List.of(ProxyMode.IPTABLES, ProxyMode.IPVS, ProxyMode.NFTABLES);
  private static final List<ProxyMode> ALL =
      List.of(ProxyMode.IPTABLES, ProxyMode.IPVS, ProxyMode.NFTABLES, ProxyMode.USERSPACE);
  private static final Pattern PLAIN = Pattern.compile("[\\w./:=,@%+-]+");

  @Spec private CommandSpec spec;

  @Option(
      names = "--services",
      paramLabel = "N",
      split = ",",
      description = "numbers of Services (default: 10,100,500,1000,5000,10000)")
  private List<Integer> services = List.of();

  @Option(
      names = "--endpoints",
      paramLabel = "N",
      description = "endpoints of each Service (default: 10)")
  private Optional<Integer> endpoints = Optional.empty();

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "requests per second of the client's node (default: 1000)")
  private double rate = 1000;

  @Option(
      names = "--keepalive",
      paramLabel = "N",
      split = ",",
      description = "requests of one connection; 1: a new one for each request (default: 1,100)")
  private List<Integer> keepalives = List.of(1, 100);

  @Option(
      names = "--modes",
      paramLabel = "MODE",
      split = ",",
      description = {
        "iptables (in both layouts: of 1.20, and of today), ipvs, nftables, userspace",
        "(default: all; userspace does not go with Calico)"
      })
  private List<ProxyMode> modes = List.of();

  @Mixin private OwnCluster own = new OwnCluster();

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      description = {
        "what each piece of work costs, and the laboratory: linux-6.18 (default),",
        "article-2019, first-packet-2025, ucloud-2019 or a file"
      })
  private String profile = "linux-6.18";

  @Option(
      names = "--kernel-era",
      paramLabel = "profile|4.4",
      converter = EraConverter.class,
      description = "4.4: syncs take as long as on kernels of 2016 (default: the profile's kernel)")
  private KernelEra era = KernelEra.PROFILE;

  @Option(
      names = "--cni",
      paramLabel = "bridge|calico",
      description = "calico: its rules are on the node too (default: bridge)")
  private Cni cni = Cni.BRIDGE;

  @Option(
      names = "--server-time",
      paramLabel = "TIME",
      converter = DurationNs.Converter.class,
      description = "what servers take longer for each request, such as 2ms")
  private DurationNs serverTime = DurationNs.NONE;

  @Option(
      names = "--client-cpu",
      paramLabel = "TIME",
      converter = DurationNs.Converter.class,
      description = "CPU time that the client takes more for each request, such as 50us")
  private DurationNs clientCpu = DurationNs.NONE;

  @Option(
      names = "--analytic",
      description = "compute means by formulas instead of simulating: fast, no percentiles")
  private boolean analytic;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "what random draws are made from (default: 1)")
  private long seed = 1;

  @Mixin private FormatOption format = new FormatOption();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      converter = OutputFolder.Converter.class,
      description = {
        "also write results.json, results.csv, charts (SVG and PNG) and report.html there;",
        "made if absent"
      })
  private Optional<Path> out = Optional.empty();

  @Override
  public Integer call() throws IOException {
    if (own.isGiven() && (!services.isEmpty() || endpoints.isPresent())) {
      throw usage("--services and --endpoints are of made-up clusters");
    }
    if (own.lacksManifests()) {
      throw usage("--node-name and --cluster-cidr go with --manifests");
    }
    Profile costs = withMoreWork(era.of(ProfileOption.read(profile, spec)));
    ModeSweep question = question(new Laboratory(costs).release());
    OwnCluster.Answerable subject = own.isGiven() ? own.read(question) : madeUp(question);
    if (out.isPresent()) {
      OutputFolder.check(out.get());
    }
    Report report = priced(subject, costs);
    String written = out.isPresent() ? write(report, out.get()) : "";
    Palette palette = Ansi.AUTO.enabled() ? Palette.COLOUR : Palette.PLAIN;
    spec.commandLine()
        .getOut()
        .print(
            format.isJson()
                ? ResultsJson.of(report)
                : ResultsText.of(report, palette::bold) + written);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private Report priced(OwnCluster.Answerable subject, Profile costs) throws IOException {
    try {
      return report(subject, costs);
    } catch (UnpricedException e) {
      throw ProfileOption.lacking(profile, e);
    }
  }

  private ModeSweep question(KubeVersion release) {
    boolean calico = cni == Cni.CALICO;
    return orUsage(
        () ->
            new ModeSweep(
                ImmutableList.copyOf(modes.isEmpty() ? (calico ? WITH_CALICO : ALL) : modes),
                ImmutableList.copyOf(keepalives),
                rate,
                calico,
                release));
  }

  private OwnCluster.Answerable madeUp(ModeSweep question) {
    return orUsage(
        () ->
            new OwnCluster.Answerable(
                new MadeUpWorkload(),
                new Sweep(
                        question.modes(),
                        ImmutableList.copyOf(services.isEmpty() ? SERVICES : services),
                        endpoints.orElse(ENDPOINTS),
                        question.keepalives(),
                        rate,
                        question.calico(),
                        question.release())
                    .configurations()));
  }

  private <T> T orUsage(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Profile withMoreWork(Profile costs) {
    return costs.withLab(
        costs
            .lab()
            .withLonger(LabParameters.REQUEST_TIME, serverTime.ns())
            .withLonger(LabParameters.REQUEST_CPU, clientCpu.ns()));
  }

  private Report report(OwnCluster.Answerable subject, Profile costs) {
    ImmutableList<Configuration> configurations = subject.configurations();
    List<Integer> sizes =
        configurations.stream().map(Configuration::services).distinct().sorted().toList();
    ImmutableList.Builder<CalicoRules> calico = ImmutableList.builder();
    ExperimentResult result;
    int steps = configurations.size() + sizes.size();
    try (ProgressBar progress = ProgressBar.on(spec.commandLine().getErr())) {
      Experiment.Builder experiment =
          Experiment.builder(new Laboratory(costs, subject.workload()))
              .addAll(configurations)
              .seed(seed)
              .threads(Runtime.getRuntime().availableProcessors())
              .progress(done -> progress.step(steps, "configurations"));
      if (analytic) {
        experiment.analytic();
      }
      result = experiment.build().run();
      for (int size : sizes) {
        calico.add(CalicoRules.of(size, configurations.get(0).endpoints()));
        progress.step(steps, "Calico's rules");
      }
    }
    return new Report(
        result, calico.build(), Advisor.of(result), Assumption.of(costs), commandText());
  }

  /** Writes the files, and returns a line that names them. */
  private static String write(Report report, Path folder) throws IOException {
    Map<String, ReportFiles.Content> contents = ReportFiles.of(report);
    try (OutputFolder files = OutputFolder.at(folder)) {
      for (Map.Entry<String, ReportFiles.Content> file : contents.entrySet()) {
        files.writeBytes(file.getKey(), file.getValue()::writeTo);
      }
      files.publish();
    }
    return "\nwritten to " + folder + ": " + String.join(", ", contents.keySet()) + "\n";
  }

  /** Returns the command as a shell reads it. */
  private String commandText() {
    StringBuilder text = new StringBuilder("packetpath");
    for (String argument : spec.commandLine().getParseResult().originalArgs()) {
      text.append(' ').append(quoted(argument));
    }
    return text.toString();
  }

  private static String quoted(String argument) {
    return PLAIN.matcher(argument).matches()
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }

  /** Reads the age of a kernel. */
  static final class EraConverter implements ITypeConverter<KernelEra> {
    @Override
    public KernelEra convert(String text) {
      return Arrays.stream(KernelEra.values())
          .filter(era -> era.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "found \""
                          + text
                          + "\", expected one of "
                          + Arrays.toString(KernelEra.values())));
    }
  }
}
