package dev.packetpath.kubernetes;

import com.google.common.collect.Iterables;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.PacketResult;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * Opens many connections of one flow on a node and says what became of their first packets: the
 * device they left by (or local), the destination, and the source if it changed; or drop, eperm (a
 * local sender is refused), reject.
 */
final class FlowRun {
  private static final int DRAWS = 30;
  private static final int FIRST_PORT = 10_000;
  private static final int PORTS = 50_000;
  private static final long INTERVAL_NS = 2_000_000_000L;

  private final Node node;
  private int connections;
  private long nowNs;

  FlowRun(NodeSnapshot snapshot) {
    this.node = Node.of(snapshot);
  }

  /** Returns all that became of many connections, in alphabetical order. */
  String outcomes(String flow) {
    TreeSet<String> outcomes = new TreeSet<>();
    for (int i = 0; i < DRAWS; i++) {
      outcomes.add(outcome(flow, INTERVAL_NS));
    }
    return String.join(" | ", outcomes);
  }

  /** Opens one more connection some time after the last one, from a port that none had. */
  String outcome(String flow, long laterNs) {
    PacketRequest.Given request = (PacketRequest.Given) PacketNotation.parse(flow);
    Packet packet = request.packet().copy();
    if (IpProtocol.hasPorts(packet.protocol())) {
      packet.ports(FIRST_PORT + connections % PORTS, packet.destinationPort());
    }
    connections++;
    nowNs += laterNs;
    PacketResult result =
        node.inject(new Injection(request.in().orElseThrow(), packet, OptionalLong.of(nowNs)));
    if (result.emissions().isEmpty()) {
      return result.errno() == Errno.OK ? "drop" : "eperm";
    }
    Emission last = Iterables.getLast(result.emissions());
    Packet out = last.packet();
    if (out.isIcmp()) {
      return "reject to " + last.at();
    }
    String from = out.source().equals(request.packet().source()) ? "" : " from " + out.source();
    return last.at() + " " + out.destination() + ":" + out.destinationPort() + from;
  }
}
