package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.conntrack.ConntrackStatistics;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.Node;

/** Many connections at once on the models: a full table, and ports that are all in use. */
final class Crowd {
  private static final String PREFIX = "net.netfilter.nf_conntrack_";
  private static final String RULES =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A POSTROUTING -o eth1 -j MASQUERADE
      COMMIT
      """;

  private static final IpAddress SERVER = IpAddress.parse("10.2.0.9");
  private static final int FIRST_CLIENT = 0x0a40_0000;
  private static final int FIRST_PROBE = 0x0a01_0300;
  private static final int FIRST_PORT = 1024;
  private static final int PROBES_A_CLIENT = 50_000;
  private static final int PER_MILLE = 1000;
  private static final int SPREAD = 7919;
  private static final long SECONDS = 600;

  private final Node node;
  private final Device in;
  private final Conntrack conntrack;
  private ConntrackStatistics before;

  /**
   * A flow of UDP for each client and port.
   *
   * @param client the first client
   * @param clients how many
   * @param firstPort the first port of each
   * @param ports how many
   * @param port the port they ask for
   */
  record Flood(String client, int clients, int firstPort, int ports, int port) {
    ObjectNode toJson() {
      return JsonNodeFactory.instance
          .objectNode()
          .put("client", client)
          .put("clients", clients)
          .put("firstPort", firstPort)
          .put("ports", ports)
          .put("destination", SERVER.toString())
          .put("port", port);
    }
  }

  /**
   * What came of it.
   *
   * @param found how often a tuple was found taken
   * @param drop packets dropped
   * @param insertFailed of them, at their confirmation
   * @param earlyDrop entries dropped to make room
   * @param entries entries in the end
   */
  record Outcome(long found, long drop, long insertFailed, long earlyDrop, long entries) {
    static Outcome of(JsonNode json) {
      JsonNode counted = json.path("counted");
      return new Outcome(
          counted.path("found").asLong(),
          counted.path("drop").asLong(),
          counted.path("insert_failed").asLong(),
          counted.path("early_drop").asLong(),
          json.path("entries").asLong());
    }
  }

  /** Creates a node with the lab's addresses, whose table has a limit and a number of buckets. */
  Crowd(long seed, long limit, long buckets) {
    ObjectNode vector = question();
    ObjectNode settings = (ObjectNode) vector.path("sysctls");
    settings.put(PREFIX + "max", limit).put(PREFIX + "buckets", buckets);
    node = Node.builder(ModelRun.snapshot(vector)).decisions(new SeededDecisions(seed)).build();
    in = node.host().network().device("eth0");
    conntrack = node.conntrack().orElseThrow();
    before = conntrack.statistics();
  }

  /** Returns the rules and settings, for the kernel. */
  static ObjectNode question() {
    ObjectNode vector = JsonNodeFactory.instance.objectNode().put("ruleset", RULES);
    vector.putObject("sysctls").put(PREFIX + "udp_timeout", SECONDS);
    return vector;
  }

  /** Sends the packets of a flood. */
  Outcome flood(Flood flood) {
    long first = IpAddress.parse(flood.client()).low();
    for (int client = 0; client < flood.clients(); client++) {
      for (int port = 0; port < flood.ports(); port++) {
        send(first + client, flood.firstPort() + port, flood.port());
      }
    }
    return outcome();
  }

  /** Fills the table as the laboratory does, of each thousand entries a share not assured. */
  void fill(long limit, double share) {
    long open = Math.round(share * PER_MILLE);
    ImmutableList.Builder<ConntrackEntry> entries = ImmutableList.builder();
    for (long number = 0; number < limit; number++) {
      boolean assured = number * SPREAD % PER_MILLE >= open;
      Tuple tuple =
          Tuple.of(IpProtocol.UDP, address(FIRST_CLIENT + number), FIRST_PORT, SERVER, 53);
      int status =
          ConnectionStatus.SEEN_REPLY
              | ConnectionStatus.CONFIRMED
              | (assured ? ConnectionStatus.ASSURED : 0);
      entries.add(ConntrackEntry.plain(tuple, tuple.inverse(), SECONDS, "", status));
    }
    conntrack.load(entries.build());
    before = conntrack.statistics();
  }

  /** Sends the first packets of so many new flows. */
  Outcome probe(int probes) {
    for (int probe = 0; probe < probes; probe++) {
      send(FIRST_PROBE + probe / PROBES_A_CLIENT, FIRST_PORT + probe % PROBES_A_CLIENT, 53);
    }
    return outcome();
  }

  private void send(long client, int port, int to) {
    node.host()
        .receive(
            new Packet()
                .addresses(address(client), SERVER)
                .protocol(IpProtocol.UDP)
                .ports(port, to),
            in);
  }

  private static IpAddress address(long bits) {
    return IpAddress.ipv4((int) bits);
  }

  private Outcome outcome() {
    ConntrackStatistics after = conntrack.statistics();
    Outcome outcome =
        new Outcome(
            after.found() - before.found(),
            after.drop() - before.drop(),
            after.insertFailed() - before.insertFailed(),
            after.earlyDrop() - before.earlyDrop(),
            conntrack.size());
    before = after;
    return outcome;
  }
}
