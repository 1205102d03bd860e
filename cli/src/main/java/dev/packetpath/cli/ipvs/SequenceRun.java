package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.Disposition;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.IpvsSysctl;
import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import java.util.List;

/** Sequences of TCP segments, each on a fresh service with one server. */
final class SequenceRun {
  private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
  private static final IpAddress VIRTUAL = IpAddress.parse("10.96.0.1");
  private static final IpAddress SERVER = IpAddress.parse("10.244.0.1");
  private static final int CLIENT_PORT = 40_000;
  private static final int PORT = 80;
  private static final ServiceKey KEY = new ServiceKey.Virtual(IpProtocol.TCP, VIRTUAL, PORT);

  private final Place place;
  private final JsonNode json;

  SequenceRun(Place place, JsonNode json) {
    this.place = place;
    this.json = json;
  }

  /** Runs all sequences and puts into each step what is seen after it. */
  void fillIn() {
    IpvsSettings settings = IpvsSettings.DEFAULTS;
    for (IpvsSysctl sysctl : IpvsSysctl.values()) {
      settings = settings.with(sysctl, place.number(json, sysctl.key(), settings.get(sysctl)));
    }
    int number = 0;
    for (JsonNode sequence : place.array(json, "sequences")) {
      number++;
      run(place.in("sequence", "" + number), sequence, settings);
    }
  }

  private static void run(Place at, JsonNode sequence, IpvsSettings settings) {
    VirtualClock clock = new VirtualClock();
    Ipvs ipvs = new Ipvs(settings, clock, new SeededDecisions(0), new Work());
    ipvs.add(ServiceSpec.builder(KEY).scheduler("rr").build());
    String forwarding = at.text(sequence, "fwd");
    Method method =
        switch (forwarding) {
          case "masq" -> Method.MASQUERADE;
          case "route" -> Method.DIRECT_ROUTING;
          case "tunnel" -> Method.TUNNEL;
          default -> throw at.error("\"fwd\": \"" + forwarding + "\"", "masq, route or tunnel");
        };
    ipvs.addServer(KEY, ServerSpec.builder(SERVER, PORT).method(method).build());
    IpvsConnection connection = IpvsConnection.NONE;
    int number = 0;
    for (JsonNode element : at.array(sequence, "steps")) {
      number++;
      Place place = at.in("step", "" + number);
      ObjectNode step = place.object(element);
      step.remove(List.of("state", "expires", "active", "inactive"));
      int flags = place.parse(step, "flags", TcpFlags::parseLetters);
      String direction = place.text(step, "dir");
      boolean in = direction.equals("in");
      if (!in && !direction.equals("out")) {
        throw place.error("\"dir\": \"" + direction + "\"", "in or out");
      }
      Packet packet = in ? fromClient(flags) : fromServer(flags, method);
      if (!in) {
        ipvs.fromServer(packet);
      } else if (ipvs.fromClient(packet, false) == Disposition.FORWARD) {
        connection = ipvs.connection();
      }
      ipvs.advance();
      show(step, connection, ipvs, clock.nowNs());
    }
  }

  private static Packet fromClient(int flags) {
    return new Packet()
        .source(CLIENT)
        .sourcePort(CLIENT_PORT)
        .destination(VIRTUAL)
        .destinationPort(PORT)
        .tcpFlags(flags);
  }

  private static Packet fromServer(int flags, Method method) {
    return new Packet()
        .source(method == Method.MASQUERADE ? SERVER : VIRTUAL)
        .sourcePort(PORT)
        .destination(CLIENT)
        .destinationPort(CLIENT_PORT)
        .tcpFlags(flags);
  }

  private static void show(ObjectNode step, IpvsConnection connection, Ipvs ipvs, long nowNs) {
    if (connection.isLive()) {
      step.put("state", connection.stateName());
      step.put("expires", connection.expiresInSeconds(nowNs));
    } else {
      step.putNull("state");
      step.putNull("expires");
    }
    RealServer server = ipvs.find(KEY).orElseThrow().servers().get(0);
    step.put("active", server.activeConnections());
    step.put("inactive", server.inactiveConnections());
  }
}
