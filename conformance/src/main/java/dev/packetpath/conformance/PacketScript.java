package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketJson;
import dev.packetpath.node.PacketResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes the packets of a vector: a few conversations, mixed, each going by what the model lets
 * through.
 */
final class PacketScript {
  private static final int FIRST_PORT = 20000;

  private PacketScript() {}

  /**
   * Adds packets to a vector that has its rules.
   *
   * @param random what they are drawn from
   * @param v6 whether some flows are IPv6
   */
  static void addTo(ObjectNode vector, Random random, int packets, boolean v6) {
    Node node = Node.of(ModelRun.snapshot(vector));
    ArrayNode list = vector.putArray("packets");
    List<Conversation> flows = new ArrayList<>();
    for (int i = 0; i < packets; i++) {
      if (flows.isEmpty() || random.nextInt(100) < 22) {
        flows.add(conversation(random, flows.size(), v6));
      }
      Conversation flow = flows.get(Math.max(0, flows.size() - 1 - random.nextInt(3)));
      ObjectNode packet = flow.next();
      packet.put("ipid", 1000 + i);
      list.add(packet);
      PacketResult result = node.inject(PacketJson.read("packets", i + 1, packet.toString()));
      flow.saw(result.emissions());
    }
  }

  private static Conversation conversation(Random random, int number, boolean v6) {
    IpFamily family = v6 && random.nextInt(100) < 60 ? IpFamily.IPV6 : IpFamily.IPV4;
    String icmp = family == IpFamily.IPV4 ? "icmp" : "icmpv6";
    int draw = random.nextInt(100);
    String protocol = draw < 45 ? "tcp" : draw < 78 ? "udp" : icmp;
    return new Conversation(
        random, LabAddresses.client(random, family), protocol, FIRST_PORT + number);
  }
}
