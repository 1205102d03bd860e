package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;

/**
 * Who talks in a conversation, as either end sees the other over the rules of {@link #RULES}.
 *
 * @param client the client's address
 * @param port the client's port, which the node keeps
 * @param destination whom the client asks for
 * @param destinationPort at which port
 * @param server who answers
 * @param serverPort at which port
 * @param clientSeen the client's address as the server sees it
 */
record TalkEnds(
    String client,
    int port,
    String destination,
    int destinationPort,
    String server,
    int serverPort,
    String clientSeen) {
  /** Services at 10.96.0.0/24, clients of 10.1.128.0/17 masqueraded, port 9000 marked. */
  static final String RULES =
      """
      *raw
      :PREROUTING ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      -A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
      COMMIT
      *mangle
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A FORWARD -p tcp -m tcp --dport 9000 -j CONNMARK --set-xmark 0x7/0xffffffff
      -A FORWARD -p udp -m udp --dport 9000 -m conntrack --ctstate ESTABLISHED -j CONNMARK --set-xmark 0x9/0xffffffff
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A PREROUTING -d 10.96.0.0/24 -p tcp -j DNAT --to-destination 10.2.0.5:8080
      -A PREROUTING -d 10.96.0.0/24 -p udp -j DNAT --to-destination 10.2.0.5:8080
      -A PREROUTING -d 10.96.0.0/24 -p icmp -j DNAT --to-destination 10.2.0.5
      -A POSTROUTING -s 10.1.128.0/17 -j MASQUERADE
      COMMIT
      """;

  private static final int FIRST_PORT = 2000;

  /** Returns the ends of the conversation of a number, with an address and port of its own. */
  static TalkEnds draw(Random random, int number) {
    int port = FIRST_PORT + number;
    int asked = random.nextInt(4) == 0 ? 9000 : 80;
    if (random.nextInt(4) == 0) {
      String client = "fd00:1::" + Integer.toHexString(2 + number % 14);
      return new TalkEnds(client, port, "fd00:2::5", asked, "fd00:2::5", asked, client);
    }
    boolean masqueraded = random.nextBoolean();
    String client = (masqueraded ? "10.1.200." : "10.1.2.") + (1 + number % 250);
    String seen = masqueraded ? "10.0.2.1" : client;
    return random.nextBoolean()
        ? new TalkEnds(client, port, "10.96.0.7", asked, "10.2.0.5", 8080, seen)
        : new TalkEnds(client, port, "10.2.0.6", asked, "10.2.0.6", asked, seen);
  }

  /** Returns the same ends talking FTP. */
  TalkEnds withFtp() {
    boolean translated = !destination.equals(server);
    return new TalkEnds(
        client, port, destination, 21, server, translated ? serverPort : 21, clientSeen);
  }

  /** Returns the same ends with a connection to a port that one of them announced. */
  TalkEnds withData(int from, int to) {
    return new TalkEnds(client, from, destination, to, server, to, clientSeen);
  }

  boolean v4() {
    return client.indexOf(':') < 0;
  }

  /** Returns a packet with ports from one end to the other, and the tuple that it has. */
  ObjectNode packet(boolean fromClient, String protocol) {
    ObjectNode packet = addresses(fromClient, protocol);
    packet.put("sport", fromClient ? port : serverPort);
    packet.put("dport", fromClient ? destinationPort : port);
    ObjectNode tuple = tuple(packet);
    tuple.put("sport", packet.path("sport").asInt()).put("dport", packet.path("dport").asInt());
    return packet;
  }

  /** Returns an ICMP query from one end to the other, and the tuple that it has. */
  ObjectNode query(boolean fromClient, int type, int sequence) {
    ObjectNode packet = addresses(fromClient, v4() ? "icmp" : "icmpv6");
    packet.put("type", type).put("code", 0).put("id", port).put("icmpseq", sequence);
    tuple(packet).put("type", type).put("code", 0).put("id", port);
    return packet;
  }

  /** Returns a packet without anything behind the IP header. */
  ObjectNode addresses(boolean fromClient, String protocol) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("inject", fromClient ? "eth0" : "eth1")
        .put("proto", protocol)
        .put("src", fromClient ? client : server)
        .put("dst", fromClient ? destination : clientSeen);
  }

  /** Adds the tuple that a packet's connection is found by, without ports. */
  static ObjectNode tuple(ObjectNode packet) {
    return packet
        .putObject("tuple")
        .put("proto", packet.path("proto").asText())
        .put("src", packet.path("src").asText())
        .put("dst", packet.path("dst").asText());
  }
}
