package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.cost.UnpricedException;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.node.ExampleNode;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.trace.SeenState;
import dev.packetpath.node.trace.TraceAnswer;
import dev.packetpath.node.trace.Tracer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code packetpath trace}: packets in, their paths out. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 110,
    description = {
      "Follow packets through a node: hooks, rules, address translation, route, verdict, work.",
      "Without --node and --rules the node is an example, and without PACKET it takes a tour."
    },
    footer = {
      "%nPACKET, in quotes; several are sent one after the other to the same node:",
      "  [in=IFACE|local] [mark=N] PROTO SRC[:PORT] > DST[:PORT] [FLAGS]",
      "  [type=N code=N id=N] [len=N ttl=N tos=N]",
      "  PROTO tcp udp sctp icmp icmpv6, IPv6 as [addr]:port, FLAGS syn ack fin rst psh urg none",
      "  or: reply, again: the answer to the packet before, and a later one of its flow",
      "%nExamples:",
      "  packetpath trace 'in=cni0 udp 10.244.1.7:40000 > 10.96.0.10:53' reply again",
      "  iptables-save | packetpath trace --rules - 'in=eth0 tcp 203.0.113.9:40000 >"
          + " 192.168.0.2:22'"
    })
final class TraceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup private Source source = new Source();

  /** The node, one way or the other. */
  static final class Source {
    @Option(names = "--node", paramLabel = "DIR", description = "a node snapshot's folder")
    private Optional<Path> node = Optional.empty();

    @Option(
        names = "--rules",
        paramLabel = "FILE",
        description =
            "what iptables-save or ip6tables-save printed, - for standard input; the rest is"
                + " assumed")
    private Optional<String> rules = Optional.empty();
  }

  @Option(
      names = "--local",
      paramLabel = "ADDR",
      split = ",",
      converter = AddressConverter.class,
      description = "with --rules: the node's addresses")
  private List<IpAddress> local = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "IFACE",
      converter = DeviceConverter.class,
      description = "with --rules: the device by which packets leave")
  private Optional<String> out = Optional.empty();

  @Option(
      names = "--ipset",
      paramLabel = "FILE",
      description = "with --rules: what ipset save printed")
  private Optional<Path> ipset = Optional.empty();

  @Option(
      names = "--conntrack",
      paramLabel = "STATE",
      description = "what rules see as the first packet's state: ${COMPLETION-CANDIDATES}")
  private Optional<SeenState> conntrack = Optional.empty();

  @Option(
      names = "--strict",
      description = "with --rules: read them as iptables-restore does, no old spellings")
  private boolean strict;

  @Option(
      names = "--lenient",
      description = "with --node: read old spellings, follow both answers of what is not modelled")
  private boolean lenient;

  @Option(
      names = "--all",
      description = "follow every random choice and list the outcomes with their probabilities")
  private boolean all;

  @Option(
      names = "--local-sockets",
      paramLabel = "none|rst",
      defaultValue = "none",
      description = "how a local TCP port answers (default: ${DEFAULT-VALUE})")
  private LocalSockets localSockets = LocalSockets.NONE;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "what random draws are made from (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      description = "also say how many nanoseconds the work takes, by a cost profile")
  private Optional<String> profile = Optional.empty();

  @Mixin private FormatOption format = new FormatOption();

  @Parameters(paramLabel = "PACKET", arity = "0..*", description = "see below")
  private List<String> packets = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    checkOptions();
    Optional<Profile> costs = ProfileOption.read(profile, spec);
    ImmutableList<PacketRequest> requests = requests();
    TraceInput input = input(requests);
    if (!input.assumed() && (!local.isEmpty() || out.isPresent())) {
      throw usage("--local and --out go with --rules, or a --node without addresses and routes");
    }
    Notes.print(input.notes(), spec.commandLine().getErr());
    Tracer.Builder tracer = input.tracer().localSockets(localSockets).seed(seed).followChances(all);
    if (!local.isEmpty()) {
      tracer.local(local);
    }
    out.ifPresent(tracer::out);
    conntrack.ifPresent(tracer::state);
    TraceAnswer answer = tracer.build().trace(requests);
    Palette palette = Ansi.AUTO.enabled() ? Palette.COLOUR : Palette.PLAIN;
    try {
      String text =
          format.isJson()
              ? JsonReport.of(answer, input.notes(), costs)
              : TextReport.of(answer, all, seed, costs, palette);
      spec.commandLine().getOut().print(text);
    } catch (UnpricedException e) {
      throw ProfileOption.lacking(profile.orElse(""), e);
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  private TraceInput input(List<PacketRequest> requests) throws IOException {
    if (source.rules.isPresent()) {
      return TraceInput.ofRules(source.rules.get(), familyOf(requests), ipset, !strict);
    }
    return source.node.isPresent()
        ? TraceInput.ofNode(source.node.get(), lenient)
        : TraceInput.ofExample();
  }

  private static IpFamily familyOf(List<PacketRequest> requests) {
    return requests.stream()
        .filter(PacketRequest.Given.class::isInstance)
        .map(request -> ((PacketRequest.Given) request).packet().family())
        .findFirst()
        .orElse(IpFamily.IPV4);
  }

  private void checkOptions() {
    boolean rules = source.rules.isPresent();
    if (!rules && (ipset.isPresent() || strict)) {
      throw usage("--ipset and --strict go with --rules");
    }
    if (lenient && source.node.isEmpty() && !rules) {
      throw usage("--lenient goes with --node");
    }
    if (packets.isEmpty() && (rules || source.node.isPresent())) {
      throw usage("which packet? For example: 'in=eth0 tcp 203.0.113.9:40000 > 192.168.0.2:80'");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private ImmutableList<PacketRequest> requests() {
    List<String> texts = packets.isEmpty() ? ExampleNode.tour() : packets;
    ImmutableList.Builder<PacketRequest> requests = ImmutableList.builder();
    for (int i = 0; i < texts.size(); i++) {
      requests.add(PacketNotation.parse(texts.get(i), i + 1));
    }
    return requests.build();
  }

  /** Reads the name of a device. */
  static final class DeviceConverter implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (text.isEmpty() || text.length() > Device.MAX_NAME_LENGTH) {
        throw new TypeConversionException(
            "found \""
                + text
                + "\", expected a device of 1 to "
                + Device.MAX_NAME_LENGTH
                + " characters");
      }
      return text;
    }
  }

  /** Reads an address. */
  static final class AddressConverter implements ITypeConverter<IpAddress> {
    @Override
    public IpAddress convert(String text) {
      if (!IpAddress.isAddress(text)) {
        throw new TypeConversionException("found \"" + text + "\", expected an address");
      }
      return IpAddress.parse(text);
    }
  }
}
