package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.PacketResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * Writes the packets of a vector: a few conversations, mixed, each going by what the model lets
 * through.
 */
final class PacketScript {
  private static final int FIRST_PORT = 20000;
  private static final int PIECE_BYTES = 24;

  private PacketScript() {}

  /**
   * Adds packets to a vector that has its rules.
   *
   * @param random what they are drawn from
   * @param ends who talks to whom in the flow of a number, from 0
   */
  static void addTo(ObjectNode vector, Random random, int packets, IntFunction<Endpoints> ends) {
    Node node = Node.of(ModelRun.snapshot(vector));
    ArrayNode list = vector.putArray("packets");
    List<Conversation> flows = new ArrayList<>();
    for (int i = 0; i < packets; i++) {
      if (flows.isEmpty() || random.nextInt(100) < 22) {
        flows.add(new Conversation(random, ends.apply(flows.size())));
      }
      Conversation flow = flows.get(Math.max(0, flows.size() - 1 - random.nextInt(3)));
      ObjectNode packet = flow.next();
      packet.put("ipid", 1000 + i);
      for (ObjectNode piece : pieces(packet, random)) {
        list.add(piece);
        PacketResult result =
            node.inject(PacketJson.read("packets", list.size(), piece.toString()));
        flow.saw(result.emissions());
      }
    }
  }

  /** Cuts a few packets into fragments, in order or turned round, sometimes one short. */
  private static List<ObjectNode> pieces(ObjectNode packet, Random random) {
    Packet whole = PacketJson.read("packets", 1, packet.toString()).packet();
    int body = whole.length() - whole.networkHeaderBytes();
    if (body <= PIECE_BYTES || packet.has("inner") || random.nextInt(100) >= 5) {
      return List.of(packet);
    }
    List<ObjectNode> pieces = new ArrayList<>();
    for (int i = 0; i * PIECE_BYTES < body; i++) {
      ObjectNode piece = packet.deepCopy().put("df", false);
      pieces.add(piece.put("fragmentSize", PIECE_BYTES).put("fragmentIndex", i));
    }
    if (random.nextInt(100) < 20) {
      Collections.reverse(pieces);
    }
    return random.nextInt(100) < 20 ? pieces.subList(1, pieces.size()) : pieces;
  }

  /** Returns who talks in a flow between the laboratory's addresses. */
  static Endpoints endpoints(Random random, int number) {
    IpFamily family = random.nextInt(100) < 60 ? IpFamily.IPV6 : IpFamily.IPV4;
    String icmp = family == IpFamily.IPV4 ? "icmp" : "icmpv6";
    int draw = random.nextInt(100);
    String protocol = draw < 45 ? "tcp" : draw < 78 ? "udp" : draw < 92 ? icmp : "sctp";
    LabAddresses.Client client = LabAddresses.client(random, family);
    return new Endpoints(
        client.at(),
        client.address(),
        LabAddresses.destination(random, client),
        protocol,
        FIRST_PORT + number,
        LabAddresses.port(random),
        OptionalInt.empty());
  }
}
