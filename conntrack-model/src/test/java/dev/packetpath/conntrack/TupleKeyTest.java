package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TupleKeyTest {
  private static final IpAddress CLIENT = IpAddress.parse("2001:db8::7");
  private static final IpAddress SERVER = IpAddress.parse("2001:db8:1::9");

  private static final List<Packet> PACKETS =
      List.of(
          tcp("10.0.0.7", "10.96.0.10"),
          new Packet().addresses(CLIENT, SERVER).protocol(IpProtocol.UDP).ports(40_000, 53),
          new Packet()
              .addresses(IpAddress.parse("10.0.0.7"), IpAddress.parse("10.0.0.8"))
              .protocol(IpProtocol.ICMP)
              .icmpType(IcmpTypes.ECHO_REQUEST)
              .icmpId(0xabcd),
          new Packet()
              .addresses(CLIENT, SERVER)
              .protocol(IpProtocol.ICMPV6)
              .icmpType(IcmpTypes.V6_ECHO_REQUEST)
              .icmpId(0xabcd));

  private static Packet tcp(String source, String destination) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .ports(40_000, 80);
  }

  private static TupleKey keyOf(Packet packet) {
    TupleKey key = new TupleKey();
    assertThat(TupleReader.read(packet, key)).isTrue();
    return key;
  }

  private static Connection connection(Packet packet, Zone zone) {
    return new EntryStore().begin(keyOf(packet), EntryKind.of(packet.protocol(), zone), 0);
  }

  @Test
  void theInverseIsThatOfTheTuple() {
    for (Packet packet : PACKETS) {
      Tuple tuple = Tuple.of(packet);
      assertThat(keyOf(packet).invert().toTuple()).isEqualTo(tuple.inverse()).isNotEqualTo(tuple);
    }
  }

  @Test
  void portsOfAHeaderThatIsCutOffBehindThemSuffice() {
    Packet cut =
        tcp("10.0.0.7", "10.96.0.10")
            .ports(0, 0)
            .transportTruncated(true)
            .payload(new byte[] {(byte) 0x9c, 0x40, 0, 80, 1});
    assertThat(Tuple.of(cut)).isEqualTo(Tuple.of(tcp("10.0.0.7", "10.96.0.10")));
    assertThat(TupleReader.read(cut)).isEqualTo(Tuple.NONE);
    assertThat(Tuple.of(cut.copy().payload(new byte[3]))).isEqualTo(Tuple.NONE);
    assertThat(Tuple.of(cut.copy().fragmentOffset(1))).isEqualTo(Tuple.NONE);
  }

  @Test
  void aConnectionBeginsWithThePacketsTupleAndItsInverse() {
    for (Packet packet : PACKETS) {
      Tuple tuple = Tuple.of(packet);
      Connection connection = connection(packet, Zone.of(7));
      assertThat(connection.original()).isEqualTo(tuple);
      assertThat(connection.reply()).isEqualTo(tuple.inverse());
      assertThat(connection.zone()).isEqualTo(7);
    }
  }

  @Test
  void aPacketsTupleIsTheSameWithoutAKey() {
    for (Packet packet : PACKETS.subList(0, 2)) {
      TupleKey key = keyOf(packet);
      assertThat(new TupleKey().set(packet).toTuple()).isEqualTo(key.toTuple());
      assertThat(TupleKey.hash(packet, 7, 5)).isEqualTo(key.hash(7, 5));
      Connection connection = connection(packet, Zone.DEFAULT);
      int[] row = connection.row();
      int base = connection.base();
      Packet answer = packet.copy();
      TupleKey.invertInto(answer, row, base, Direction.ORIGINAL.bit());
      assertThat(Tuple.of(answer)).isEqualTo(Tuple.of(packet).inverse());
      int node = packet.family().ordinal() << 1;
      assertThat(ConntrackTable.isTuple(row, base, node, packet)).isTrue();
      assertThat(ConntrackTable.isTuple(row, base, node | 1, packet)).isFalse();
      assertThat(ConntrackTable.isTuple(row, base, node | 1, answer)).isTrue();
      assertThat(ConntrackTable.isTuple(row, base, node ^ 2, packet)).isFalse();
      Connection inZone = connection(packet, Zone.of(7));
      assertThat(ConntrackTable.isTuple(inZone.row(), inZone.base(), node, packet)).isFalse();
      for (Packet other : others(packet)) {
        assertThat(ConntrackTable.isTuple(row, base, node, other)).as("%s", other).isFalse();
        assertThat(keyOf(other).equalsRow(row, base, 0)).as("%s", other).isFalse();
      }
    }
  }

  /** Returns packets that differ from one in a single field. */
  private static List<Packet> others(Packet packet) {
    long high = packet.family() == IpFamily.IPV4 ? 0 : 1;
    return List.of(
        packet.copy().protocol(IpProtocol.UDPLITE),
        packet.copy().source(packet.sourceHigh() ^ high, packet.sourceLow() ^ (1 - high)),
        packet.copy().source(packet.sourceHigh(), packet.sourceLow() ^ (1L << 31)),
        packet
            .copy()
            .destination(packet.destinationHigh() ^ high, packet.destinationLow() ^ (1 - high)),
        packet.copy().destination(packet.destinationHigh(), packet.destinationLow() ^ 1),
        packet.copy().ports(packet.sourcePort() ^ 1, packet.destinationPort()),
        packet.copy().ports(packet.sourcePort(), packet.destinationPort() ^ (1 << 15)));
  }

  @Test
  void aHashIsForgottenWithItsTuple() {
    Connection connection = connection(PACKETS.get(0), Zone.DEFAULT);
    connection.hash(Direction.ORIGINAL, 5);
    connection.hash(Direction.REPLY, 6);
    connection.tuple(Direction.REPLY, Tuple.of(tcp("10.0.0.9", "10.0.0.7")));
    assertThat(connection.hash(Direction.REPLY)).isZero();
    connection.hash(Direction.REPLY, 6);
    connection.answersFrom(0, IpAddress.parse("10.0.0.9").low(), 8_080);
    assertThat(connection.hash(Direction.REPLY)).isZero();
    assertThat(connection.hash(Direction.ORIGINAL)).isEqualTo(5);
  }
}
