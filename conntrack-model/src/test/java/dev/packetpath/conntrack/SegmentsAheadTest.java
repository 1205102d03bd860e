package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Work;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SegmentsAheadTest {
  private final ConntrackTable table = new ConntrackTable(new EntryStore(), 64, 1, new Work());
  private final SegmentsAhead ahead = new SegmentsAhead(table);
  private final List<Connection> connections = new ArrayList<>();

  private static Packet packet(int client, String flags) {
    return Router.tcp("10.0.1.5", 1000 + client, "10.0.2.9", 80, flags);
  }

  private void insert(int client) {
    Tuple tuple = Tuple.of(packet(client, "S"));
    Connection connection = new Connection(tuple, tuple.inverse(), Zone.DEFAULT);
    table.insert(connection);
    connections.add(connection);
  }

  private int node(int client) {
    return connections.get(client).slot() << 1;
  }

  @Test
  void segmentsFindTheirNodesInTheirOrder() {
    for (int client = 0; client < 3; client++) {
      insert(client);
    }
    List<Packet> burst =
        List.of(packet(9, "A"), packet(2, "A"), packet(1, "S"), packet(0, "PA"), packet(1, "A"));
    assertThat(ahead.look(burst, 1, 4)).isEqualTo(2);
    assertThat(FoundNode.node(ahead.next())).isEqualTo(node(2));
    assertThat(FoundNode.node(ahead.next())).isEqualTo(node(0));
    assertThat(ahead.next()).isEqualTo(FoundNode.UNKNOWN);

    assertThat(ahead.look(burst, 4, 5)).isEqualTo(1);
    assertThat(FoundNode.node(ahead.next())).isEqualTo(node(1));
    assertThat(ahead.next()).isEqualTo(FoundNode.UNKNOWN);
  }

  @Test
  void asManyAreComparedAsASearchCompares() {
    for (int client = 0; client < 200; client++) {
      insert(client);
    }
    int known = 0;
    for (int client = 0; client < 200; client++) {
      Packet packet = packet(client, "A");
      ahead.look(List.of(packet), 0, 1);
      long found = ahead.next();
      int node = FoundNode.node(found);
      TupleKey key = new TupleKey().set(packet);
      if (node != ConntrackTable.NONE && table.isKey(node, key, Zone.DEFAULT)) {
        known++;
        assertThat(table.seek(table.hashOf(key, 0), key, Zone.DEFAULT)).isEqualTo(node);
        assertThat(FoundNode.compared(found)).isEqualTo(table.compared()).isPositive();
      }
    }
    assertThat(known).isGreaterThan(50);
  }

  @Test
  void whatWasFoundIsForgottenWhenTheTableChanges() {
    insert(0);
    insert(1);
    List<Packet> burst = List.of(packet(0, "A"), packet(1, "A"));
    ahead.look(burst, 0, 2);
    assertThat(FoundNode.node(ahead.next())).isEqualTo(node(0));
    insert(2);
    assertThat(ahead.next()).isEqualTo(FoundNode.UNKNOWN);

    ahead.look(burst, 0, 2);
    table.remove(connections.get(2).slot());
    assertThat(ahead.next()).isEqualTo(FoundNode.UNKNOWN);
  }

  @Test
  void packetsOfNoConnectionFindNothing() {
    assertThat(ahead.look(List.of(packet(0, "A"), packet(1, "S")), 0, 2)).isZero();
    assertThat(FoundNode.node(ahead.next())).isEqualTo(ConntrackTable.NONE);
    assertThat(ahead.look(List.of(packet(1, "S")), 0, 1)).isZero();
    assertThat(FoundNode.node(ahead.next())).isEqualTo(ConntrackTable.NONE);
  }
}
