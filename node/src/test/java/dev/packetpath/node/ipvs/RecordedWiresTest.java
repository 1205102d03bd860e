package dev.packetpath.node.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.ipvs.syntax.IpvsadmListing;
import dev.packetpath.ipvs.syntax.IpvsadmReader;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the IPVS of Linux 6.1.192 sent, byte by byte, and what it counted: packets in tunnels of
 * each type, and ICMP errors ({@code conformance/ipvs/generate-wires}).
 */
final class RecordedWiresTest {
  private static final BaseEncoding HEX = BaseEncoding.base16().lowerCase();
  private static final Map<String, String> DEVICES = ImmutableMap.of("c1", "c0", "s1", "s0");

  private record Case(JsonNode json) {
    @Override
    public String toString() {
      return json.path("id").asText();
    }
  }

  static Stream<Case> cases() throws IOException {
    try (InputStream file =
        new GZIPInputStream(
            Objects.requireNonNull(
                RecordedWiresTest.class.getResourceAsStream("ipvs-wires.json.gz")))) {
      JsonNode cases = new ObjectMapper().readTree(file).path("wires");
      return StreamSupport.stream(cases.spliterator(), false).map(Case::new);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachPacketLeavesAsFromTheKernel(Case recorded) throws IOException {
    StringBuilder services = new StringBuilder();
    for (JsonNode command : recorded.json.path("setup")) {
      services.append(ipvsadm(command.asText()));
    }
    Node node = director(recorded.json, services.toString());
    Ipvs ipvs = node.ipvs().orElseThrow();
    int number = 0;
    for (JsonNode step : recorded.json.path("steps")) {
      number++;
      if (step.has("run")) {
        follow(ipvs, read(services.append(ipvsadm(step.path("run").asText())).toString()));
        continue;
      }
      if (!step.has("packet")) {
        continue; // nothing was there to answer
      }
      String at = DEVICES.get(step.path("at").asText());
      Packet packet = WireFormat.decode(HEX.decode(step.path("packet").asText()));
      List<String> sent = new ArrayList<>();
      for (Emission emission : node.inject(Injection.on(at, packet)).emissions()) {
        if (!emission.at().equals(Emission.LOCAL)) {
          sent.add(
              emission.at() + " " + RecordedPacket.shown(WireFormat.encode(emission.packet())));
        }
      }
      assertThat(sent).as("step %s", number).containsExactlyElementsOf(expected(step));
    }
    StringBuilder counted = new StringBuilder();
    IpvsadmListing.stats(ipvs, counted);
    assertThat(counted.toString().lines().skip(1))
        .containsExactlyElementsOf(recorded.json.path("stats").asText().lines().skip(1).toList());
    StringBuilder connections = new StringBuilder();
    IpvsadmListing.connections(ipvs, 0, connections);
    assertThat(lasting(connections.toString()))
        .containsExactlyInAnyOrderElementsOf(lasting(recorded.json.path("connections").asText()));
  }

  private static String ipvsadm(String command) {
    return command.substring("ipvsadm ".length()) + "\n";
  }

  private static ImmutableList<ServiceEntry> read(String services) throws IOException {
    return IpvsadmReader.read("services", new StringReader(services));
  }

  /** Edits the servers there are, and removes the others. */
  private static void follow(Ipvs ipvs, ImmutableList<ServiceEntry> wanted) {
    for (ServiceEntry entry : wanted) {
      var key = entry.service().key();
      entry.servers().forEach(server -> ipvs.editServer(key, server));
      List<String> named = entry.servers().stream().map(ServerSpec::toString).toList();
      ipvs.find(key).orElseThrow().servers().stream()
          .filter(server -> !named.contains(server.toString()))
          .forEach(server -> ipvs.removeServer(key, server.address(), server.port()));
    }
  }

  private static List<String> expected(JsonNode step) {
    List<String> sent = new ArrayList<>();
    for (JsonNode seen : step.path("out")) {
      sent.add(
          DEVICES.get(seen.path(0).asText())
              + " "
              + RecordedPacket.shown(HEX.decode(seen.path(1).asText())));
    }
    return sent;
  }

  /** The connections without the time left; those of a moment may be gone. */
  private static List<String> lasting(String listed) {
    return listed
        .lines()
        .skip(2)
        .filter(line -> !line.contains(" NONE "))
        .map(line -> line.substring(0, 4) + line.substring(11))
        .toList();
  }

  private static Node director(JsonNode recorded, String services) throws IOException {
    Device clients = Device.ethernet("c0", 2);
    Device servers = Device.ethernet("s0", 3);
    ConfiguredNetwork network =
        ConfiguredNetwork.builder()
            .device(Device.lo())
            .device(clients)
            .device(servers)
            .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
            .addressWithRoutes(DeviceAddress.of(clients, "192.0.2.1/24"))
            .addressWithRoutes(DeviceAddress.of(servers, "198.51.100.1/24"))
            .addressWithRoutes(DeviceAddress.of(clients, "2001:db8:c::1/64"))
            .addressWithRoutes(DeviceAddress.of(servers, "2001:db8:5::1/64"))
            .route(via("0.0.0.0/0", clients, "192.0.2.2"))
            .route(via("10.244.0.0/16", servers, "198.51.100.2"))
            .route(via("::/0", clients, "2001:db8:c::2"))
            .route(via("fd00:244::/32", servers, "2001:db8:5::2"))
            .route(RouteEntry.local(IpPrefix.parse("10.96.0.0/15"), AddressType.LOCAL, Device.lo()))
            .route(RouteEntry.local(IpPrefix.parse("fd00:96::/32"), AddressType.LOCAL, Device.lo()))
            .build();
    ImmutableMap.Builder<String, String> sysctls = ImmutableMap.builder();
    sysctls.putAll(NodeSnapshot.ASSUMED_SYSCTLS.asMap());
    recorded
        .path("sysctl")
        .properties()
        .forEach(
            setting ->
                sysctls.put(setting.getKey().replace('/', '.'), setting.getValue().asText()));
    NodeSnapshot.Builder snapshot =
        NodeSnapshot.builder()
            .network(network)
            .sysctls(new Sysctls(sysctls.buildOrThrow()))
            .virtualServices(read(services));
    if (recorded.has("rules")) {
      snapshot.ruleset(
          new RestoreParser("rules", IpFamily.IPV4, ReadMode.STRICT)
              .read(new StringReader(recorded.path("rules").asText())));
    }
    return Node.builder(snapshot.build()).localSockets(LocalSockets.RST).build();
  }

  private static RouteEntry via(String prefix, Device device, String gateway) {
    return RouteEntry.unicast(IpPrefix.parse(prefix), device, IpAddress.parse(gateway));
  }
}
