package dev.packetpath.node.ipvs;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import com.google.common.io.BaseEncoding;
import com.google.common.io.CharSource;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.conntrack.ConntrackText;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.iptables.syntax.SavePrinter;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.ipvs.syntax.IpvsadmListing;
import dev.packetpath.ipvs.syntax.IpvsadmReader;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketResult;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A node that was recorded while packets came, played on the model ({@code generate-nodes}). */
final class RecordedNode {
  private static final BaseEncoding HEX = BaseEncoding.base16().lowerCase();
  private static final Map<String, String> PLACES =
      Map.of("c1", "c0", "s1", "s0", "local", Emission.LOCAL);
  private static final Map<String, String> ERRORS =
      Map.of(
          "EPERM",
          "Operation not permitted",
          "EINVAL",
          "Invalid argument",
          "ENETUNREACH",
          "Network is unreachable",
          "EHOSTUNREACH",
          "No route to host");

  private final JsonNode recorded;
  private final int ticksPerSecond;
  private final Node node;
  private final List<String> differences = new ArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final StringBuilder services = new StringBuilder();

  private RecordedNode(JsonNode recorded) throws IOException {
    this.recorded = recorded;
    Map<String, CharSource> files = new TreeMap<>();
    recorded
        .path("files")
        .properties()
        .forEach(file -> files.put(file.getKey(), CharSource.wrap(file.getValue().asText())));
    var snapshot = SnapshotReader.read(files);
    settings.putAll(snapshot.sysctls().asMap());
    ticksPerSecond = recorded.path("hz").asInt();
    services.append(recorded.path("files").path("ipvsadm-save.txt").asText());
    this.node =
        Node.builder(snapshot)
            .localSockets(
                recorded.path("silent").asBoolean() ? LocalSockets.NONE : LocalSockets.RST)
            .ipvsKernel(settings -> settings.withTicksPerSecond(ticksPerSecond))
            .build();
  }

  /** Returns in what the model differs from the recording, a line each. */
  static List<String> differences(JsonNode recorded) throws IOException {
    RecordedNode played = new RecordedNode(recorded);
    played.play();
    return played.differences;
  }

  private void play() throws IOException {
    int number = 0;
    List<String> tracked = List.of();
    List<String> balanced = List.of();
    for (JsonNode step : recorded.path("steps")) {
      String name = "step " + number++ + ": ";
      step(name, step);
      tracked = step.has("tracked") ? texts(step.path("tracked")) : tracked;
      balanced = step.has("balanced") ? texts(step.path("balanced")) : balanced;
      if (step.has("sleep")) {
        continue; // what is over then is told with the next step
      }
      advanceTo(step.path("told").asLong());
      compare(name + "tracked", entries(tracked), entries(ours()));
      compare(name + "balanced", balanced, balanced());
    }
    long end = recorded.path("end").asLong();
    advanceTo(end);
    compareTables();
    Ipvs ipvs = node.ipvs().orElseThrow();
    compareConnections(ipvs, end);
    compare("stats", recorded.path("stats"), out -> IpvsadmListing.stats(ipvs, out));
    compare("listed", recorded.path("listed"), out -> IpvsadmListing.services(ipvs, out));
  }

  private void advanceTo(long ns) {
    node.host().clock().advanceTo(ns);
    node.ipvs().orElseThrow().advance();
  }

  private void step(String name, JsonNode step) throws IOException {
    long ns = step.path("ns").asLong();
    if (step.has("packet")) {
      inject(name, step, ns);
      return;
    }
    advanceTo(ns);
    if (step.has("run")) {
      services.append(step.path("run").asText().substring("ipvsadm ".length())).append('\n');
      follow(IpvsadmReader.read("services", new StringReader(services.toString())));
    }
    if (step.has("set")) {
      step.path("set")
          .properties()
          .forEach(set -> settings.put(set.getKey().replace('/', '.'), set.getValue().asText()));
      node.ipvs()
          .orElseThrow()
          .settings(
              IpvsSettings.of(new Sysctls(ImmutableMap.copyOf(settings)))
                  .withTicksPerSecond(ticksPerSecond));
    }
  }

  private void inject(String name, JsonNode step, long ns) {
    Packet packet = WireFormat.decode(HEX.decode(step.path("packet").asText()));
    String at = PLACES.get(step.path("at").asText());
    PacketResult result = node.inject(new Injection(at, packet, OptionalLong.of(ns)));
    Map<String, List<String>> sent = new TreeMap<>();
    for (Emission emission : result.emissions()) {
      sent.computeIfAbsent(emission.at(), place -> new ArrayList<>())
          .add(RecordedPacket.shown(WireFormat.encode(emission.packet())));
    }
    Map<String, List<String>> expected = new TreeMap<>();
    step.path("out")
        .properties()
        .forEach(
            out ->
                expected.put(
                    PLACES.get(out.getKey()),
                    texts(out.getValue()).stream()
                        .map(hex -> RecordedPacket.shown(HEX.decode(hex)))
                        .toList()));
    if (!expected.equals(sent)) {
      differences.add(name + "out " + readable(expected) + " against " + readable(sent));
    }
    String errno = ERRORS.getOrDefault(result.errno().name(), "");
    if (!errno.equals(step.path("errno").asText())) {
      differences.add(name + step.path("errno") + " against " + result.errno());
    }
  }

  private static Map<String, List<String>> readable(Map<String, List<String>> packets) {
    Map<String, List<String>> readable = new TreeMap<>();
    packets.forEach(
        (place, all) ->
            readable.put(
                place,
                all.stream()
                    .map(
                        hex ->
                            hex.length() < 3 ? hex : WireFormat.decode(HEX.decode(hex)) + " " + hex)
                    .toList()));
    return readable;
  }

  /** Edits the servers there are, and removes the others. */
  private void follow(ImmutableList<ServiceEntry> wanted) {
    Ipvs ipvs = node.ipvs().orElseThrow();
    for (ServiceEntry entry : wanted) {
      var key = entry.service().key();
      entry.servers().forEach(server -> ipvs.editServer(key, server));
      List<String> kept =
          entry.servers().stream().map(server -> server.address().withPort(server.port())).toList();
      ipvs.find(key).orElseThrow().servers().stream()
          .filter(server -> !kept.contains(server.address().withPort(server.port())))
          .forEach(server -> ipvs.removeServer(key, server.address(), server.port()));
    }
  }

  private List<String> ours() {
    return node.conntrack()
        .map(table -> ConntrackText.print(table.entries()).lines().toList())
        .orElse(List.of());
  }

  /** Entries but for the time left and who holds them. */
  private static List<String> entries(List<String> lines) throws IOException {
    ImmutableList<ConntrackEntry> entries =
        ConntrackText.read("entries", new StringReader(String.join("\n", lines)));
    return entries.stream()
        .map(ConntrackText::print)
        .map(line -> line.replaceFirst("^(\\S+ +\\d+ \\S+ +\\d+) \\d+", "$1"))
        .sorted()
        .collect(toImmutableList());
  }

  private List<String> balanced() {
    return node.ipvs().orElseThrow().connections().stream()
        .map(RecordedNode::row)
        .sorted()
        .toList();
  }

  private static String row(IpvsConnection connection) {
    return String.join(
        " ",
        switch (connection.protocol()) {
          case 6 -> "tcp";
          case 17 -> "udp";
          default -> "ip";
        },
        connection.clientAddress().withPort(connection.clientPort()),
        connection.virtualAddress().withPort(connection.virtualPort()),
        connection.serverAddress().withPort(connection.serverPort()),
        connection.stateName());
  }

  private void compareTables() throws IOException {
    StringBuilder saved = new StringBuilder();
    boolean six = recorded.path("files").has("ip6tables-save.txt");
    IpFamily family = six ? IpFamily.IPV6 : IpFamily.IPV4;
    SavePrinter.print(node.iptables(family).orElseThrow().snapshot(), true, saved);
    compare("tables", byTable(recorded.path("saved").asText()), byTable(saved.toString()));
  }

  /**
   * With the seconds left, which the kernel counts from the begin of its tick; the order is that of
   * a hash with a number of the boot.
   */
  private void compareConnections(Ipvs ipvs, long end) throws IOException {
    StringBuilder listed = new StringBuilder();
    long tickNs = VirtualClock.NS_PER_SECOND / ticksPerSecond;
    IpvsadmListing.connections(ipvs, end - end % tickNs, listed);
    compare(
        "connections",
        recorded.path("connections").asText().lines().sorted().toList(),
        listed.toString().lines().sorted().toList());
  }

  private static List<String> byTable(String saved) {
    List<String> lines = new ArrayList<>();
    String table = "";
    for (String line : saved.lines().toList()) {
      if (line.startsWith("*")) {
        table = line.substring(1) + " ";
      } else if (!line.startsWith("#") && !line.equals("COMMIT")) {
        lines.add(table + line);
      }
    }
    return lines.stream().sorted().toList();
  }

  private interface Printing {
    void to(StringBuilder out) throws IOException;
  }

  private void compare(String name, JsonNode kernel, Printing model) throws IOException {
    StringBuilder out = new StringBuilder();
    model.to(out);
    compare(
        name, kernel.asText().lines().skip(1).toList(), out.toString().lines().skip(1).toList());
  }

  private void compare(String name, List<String> kernel, List<String> model) {
    Multiset<String> ofKernel = ImmutableMultiset.copyOf(kernel);
    Multiset<String> ofModel = ImmutableMultiset.copyOf(model);
    if (!ofKernel.equals(ofModel)) {
      differences.add(
          name
              + " only kernel "
              + Multisets.difference(ofKernel, ofModel)
              + " only model "
              + Multisets.difference(ofModel, ofKernel));
    } else if (!kernel.equals(model)) {
      differences.add(name + " in the kernel's order " + kernel + " in the model's " + model);
    }
  }

  private static ImmutableList<String> texts(JsonNode all) {
    ImmutableList.Builder<String> texts = ImmutableList.builder();
    all.forEach(text -> texts.add(text.asText()));
    return texts.build();
  }
}
