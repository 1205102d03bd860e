package dev.packetpath.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Plays a recorded scenario on the model alone, and tells what is seen after each step. */
final class ScenarioPlayer {
  /** Of steps in which the recorder waited in vain, its clock ran on. */
  private static final long VAIN_WAIT_NS = VirtualClock.NS_PER_SECOND / 20;

  private static final int SCTP_INIT = 1;

  private final VirtualClock clock = new VirtualClock();
  private final Map<Integer, Packet> packets = new HashMap<>();
  private final Map<Integer, IpvsConnection> connections = new HashMap<>();
  private final ServiceKey key;
  private final int mark;
  private final Ipvs ipvs;
  private String got = "";

  ScenarioPlayer(JsonNode scenario) {
    JsonNode json = scenario.path("service");
    boolean marked = json.path("kind").asText().equals("fwm");
    this.mark = json.path("mark").asInt();
    this.key =
        marked
            ? new ServiceKey.Marked(IpFamily.IPV4, mark)
            : new ServiceKey.Virtual(
                protocol(json.path("kind").asText()),
                IpAddress.parse(json.path("vip").asText()),
                json.path("port").asInt());
    IpvsSettings settings = IpvsSettings.DEFAULTS.withTicksPerSecond(100);
    for (IpvsSysctl sysctl : IpvsSysctl.values()) {
      int value = scenario.path("sysctl").path(sysctl.key()).asInt(sysctl.initial());
      settings = settings.with(sysctl, value);
    }
    this.ipvs = new Ipvs(settings, clock, new SeededDecisions(0), new Work());
    ipvs.add(service(json));
  }

  private ServiceSpec service(JsonNode json) {
    ServiceSpec.Builder service = ServiceSpec.builder(key).scheduler(json.path("sched").asText());
    String flags = json.path("schedFlags").asText();
    if (flags.contains("fallback")) {
      service.flag(SchedulerFlag.FLAG_1);
    }
    if (flags.contains("port")) {
      service.flag(SchedulerFlag.FLAG_2);
    }
    if (json.path("persist").isObject()) {
      String mask = json.at("/persist/netmask").asText("255.255.255.255");
      int length = mask.equals("null") ? 32 : Integer.bitCount(IpAddress.parse(mask).ipv4Bits());
      service.persistence(new Persistence(json.at("/persist/timeout").asInt(), length));
    }
    return service.onePacket(json.path("ops").asBoolean()).build();
  }

  private static int protocol(String name) {
    return switch (name) {
      case "udp" -> IpProtocol.UDP;
      case "sctp" -> IpProtocol.SCTP;
      default -> IpProtocol.TCP;
    };
  }

  /** Plays a step and returns what is seen: the server, the state, the servers, the templates. */
  List<String> play(JsonNode step) {
    got = "null";
    int cid = step.path("cid").asInt();
    switch (step.path("op").asText()) {
      case "add" -> ipvs.addServer(key, server(step));
      case "edit" -> ipvs.editServer(key, server(step));
      case "del" -> {
        ServerSpec server = server(step);
        ipvs.removeServer(key, server.address(), server.port());
      }
      case "new" -> {
        packets.put(cid, first(step));
        connections.put(cid, IpvsConnection.NONE);
        send(cid, TcpFlags.SYN, SCTP_INIT);
      }
      case "pkt" -> {
        int flags = TcpFlags.parseLetters(step.path("flags").asText());
        if (step.path("dir").asText().equals("out")) {
          answer(cid, flags, step.path("chunk").asInt());
        } else {
          send(cid, flags, step.path("chunk").asInt());
        }
      }
      default -> sleep(step);
    }
    ipvs.advance();
    IpvsConnection connection = connections.getOrDefault(cid, IpvsConnection.NONE);
    String state = "null";
    if (connection.isLive()) {
      got = connection.serverAddress() + ":" + connection.serverPort();
      state = connection.stateName();
    }
    return List.of(got, state, servers(), templates());
  }

  private static ServerSpec server(JsonNode step) {
    String at = step.path("rs").asText();
    int colon = at.indexOf(':');
    return ServerSpec.builder(
            IpAddress.parse(at.substring(0, colon)), Integer.parseInt(at.substring(colon + 1)))
        .weight(step.path("w").asInt())
        .thresholds(step.path("u").asInt(), step.path("l").asInt())
        .method(
            switch (step.path("fwd").asText()) {
              case "g" -> Method.DIRECT_ROUTING;
              case "i" -> Method.TUNNEL;
              default -> Method.MASQUERADE;
            })
        .build();
  }

  private Packet first(JsonNode step) {
    String[] source = step.path("src").asText().split(":");
    String[] destination = step.path("dst").asText().split(":");
    int protocol =
        key instanceof ServiceKey.Virtual virtual
            ? virtual.protocol()
            : protocol(step.path("proto").asText());
    return new Packet()
        .protocol(protocol)
        .source(IpAddress.parse(source[0]))
        .sourcePort(Integer.parseInt(source[1]))
        .destination(IpAddress.parse(destination[0]))
        .destinationPort(Integer.parseInt(destination[1]))
        .payloadLength(protocol == IpProtocol.UDP ? 1 : 0)
        .mark(key instanceof ServiceKey.Marked ? mark : 0);
  }

  private static void fill(Packet packet, int flags, int chunk) {
    if (packet.protocol() == IpProtocol.TCP) {
      packet.tcpFlags(flags);
    } else if (packet.protocol() == IpProtocol.SCTP) {
      packet.payload(new byte[] {(byte) chunk, 0, 0, 4});
    }
  }

  private void answer(int cid, int flags, int chunk) {
    IpvsConnection connection = connections.get(cid);
    boolean masqueraded = connection.method() == Method.MASQUERADE;
    Packet packet =
        new Packet()
            .protocol(connection.protocol())
            .source(masqueraded ? connection.serverAddress() : connection.virtualAddress())
            .sourcePort(masqueraded ? connection.serverPort() : connection.virtualPort())
            .destination(connection.clientAddress())
            .destinationPort(connection.clientPort());
    fill(packet, flags, chunk);
    ipvs.fromServer(packet);
  }

  private void send(int cid, int flags, int chunk) {
    Packet packet = packets.get(cid).copy();
    fill(packet, flags, chunk);
    Disposition disposition = ipvs.fromClient(packet, false);
    if (disposition == Disposition.FORWARD) {
      connections.put(cid, ipvs.connection());
      got = ipvs.connection().serverAddress() + ":" + ipvs.connection().serverPort();
    } else if (disposition == Disposition.DROP
        || (disposition == Disposition.PASS && (flags & TcpFlags.RST) != 0)) {
      clock.advanceTo(clock.nowNs() + VAIN_WAIT_NS);
    }
  }

  private void sleep(JsonNode step) {
    Set<IpvsConnection> over = new HashSet<>();
    step.path("expired").forEach(cid -> over.add(connections.get(cid.asInt())));
    ipvs.onlyExpiring(connection -> connection.isTemplate() || over.contains(connection));
    clock.advanceTo(clock.nowNs() + step.path("s").asInt() * VirtualClock.NS_PER_SECOND);
    ipvs.advance();
    over.forEach(ipvs::expire);
  }

  private String servers() {
    return ipvs.find(key).orElseThrow().servers().stream()
        .map(
            server ->
                "[\"%s\",%d,%d,%d]"
                    .formatted(
                        server,
                        server.weight(),
                        server.activeConnections(),
                        server.inactiveConnections()))
        .toList()
        .toString()
        .replace(" ", "");
  }

  private String templates() {
    return ipvs.connections().stream()
        .filter(IpvsConnection::isTemplate)
        .map(
            template ->
                "%s %s %s:%d %s:%d"
                    .formatted(
                        ProtocolName.of(template.protocol()).toLowerCase(java.util.Locale.ROOT),
                        template.clientAddress(),
                        template.virtualAddress(),
                        template.virtualPort(),
                        template.serverAddress(),
                        template.serverPort()))
        .sorted()
        .toList()
        .toString();
  }
}
