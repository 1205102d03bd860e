package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;

/**
 * Packets that are all looked up before the first of them is confirmed, as on several processors.
 * The kernel holds them in a queue behind DNAT; the last is let go first.
 */
final class Races {
  private static final String MANGLE =
      """
      *mangle
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      """;

  /** 10.96.0.1 goes to one server, 10.96.0.2 to two by turns; 10.1.9.0/24 has one port alone. */
  private static final String NAT =
      """
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A PREROUTING -d 10.96.0.1/32 -p udp -j DNAT --to-destination 10.2.0.5:5353
      -A PREROUTING -d 10.96.0.2/32 -m statistic --mode nth --every 2 --packet 0 -j DNAT --to-destination 10.2.0.5
      -A PREROUTING -d 10.96.0.2/32 -j DNAT --to-destination 10.2.0.6
      -A POSTROUTING -s 10.1.9.0/24 -p udp -j SNAT --to-source 10.0.2.1:7000
      COMMIT
      """;

  private static final String HOLD =
      "-A FORWARD -m conntrack --ctstate NEW -j NFQUEUE --queue-num 0\n";

  /** A packet of a race: from 10.1.2.3 port 4000 to port 53, if nothing else is said. */
  private record Sent(String inject, String protocol, String source, String destination) {
    ObjectNode toJson() {
      boolean answer = inject.equals("eth1");
      ObjectNode packet = JsonNodeFactory.instance.objectNode();
      packet.put("inject", inject).put("proto", protocol);
      packet.put("src", source).put("dst", destination);
      ObjectNode tuple = TalkEnds.tuple(packet);
      for (ObjectNode one : new ObjectNode[] {packet, tuple}) {
        if (protocol.equals("icmp")) {
          one.put("type", 8).put("code", 0).put("id", 4000);
        } else {
          one.put("sport", answer ? 53 : 4000).put("dport", answer ? 4000 : 53);
        }
      }
      return protocol.equals("tcp") ? packet.put("flags", "S") : packet;
    }
  }

  /**
   * One race.
   *
   * @param name what it is about
   * @param packets the packets that are held, in the order of their arrival
   * @param answers packets that follow
   */
  record Race(String name, ImmutableList<Sent> packets, ImmutableList<Sent> answers) {
    ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      ArrayNode held = json.putArray("packets");
      packets.forEach(packet -> held.add(packet.toJson()));
      ArrayNode later = json.putArray("answers");
      answers.forEach(packet -> later.add(packet.toJson()));
      return json;
    }
  }

  private static final String CLIENT = "10.1.2.3";
  private static final String SERVER = "10.2.0.9";
  private static final String TO_ONE = "10.96.0.1";
  private static final String BY_TURNS = "10.96.0.2";

  /** The races. Each of them leaves it to the first server whose turn is next. */
  static final ImmutableList<Race> ALL =
      ImmutableList.of(
          race("datagrams without NAT", to("udp", SERVER), to("udp", SERVER)),
          race("datagrams to one server", to("udp", TO_ONE), to("udp", TO_ONE)),
          race("datagrams to two servers", to("udp", BY_TURNS), to("udp", BY_TURNS)),
          new Race(
              "answers of two servers",
              ImmutableList.of(to("udp", BY_TURNS), to("udp", BY_TURNS)),
              ImmutableList.of(
                  new Sent("eth1", "udp", "10.2.0.5", CLIENT),
                  new Sent("eth1", "udp", "10.2.0.6", CLIENT),
                  new Sent("eth1", "udp", "10.2.0.5", CLIENT))),
          race(
              "four datagrams to two servers",
              to("udp", BY_TURNS),
              to("udp", BY_TURNS),
              to("udp", BY_TURNS),
              to("udp", BY_TURNS)),
          race("SYNs without NAT", to("tcp", SERVER), to("tcp", SERVER)),
          race("SYNs to two servers", to("tcp", BY_TURNS), to("tcp", BY_TURNS)),
          race("echo requests", to("icmp", SERVER), to("icmp", SERVER)),
          race(
              "two clients with one port",
              new Sent("eth0", "udp", "10.1.9.1", SERVER),
              new Sent("eth0", "udp", "10.1.9.2", SERVER)));

  private Races() {}

  private static Sent to(String protocol, String destination) {
    return new Sent("eth0", protocol, CLIENT, destination);
  }

  private static Race race(String name, Sent... packets) {
    return new Race(name, ImmutableList.copyOf(packets), ImmutableList.of());
  }

  /** Returns the rules for the kernel, which hold new packets in a queue. */
  static ObjectNode question() {
    return rules(HOLD);
  }

  /** Returns the rules for the models. */
  static ObjectNode rules() {
    return rules("");
  }

  private static ObjectNode rules(String forward) {
    return JsonNodeFactory.instance.objectNode().put("ruleset", MANGLE + forward + NAT);
  }
}
