package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever changes the length of a packet changes it also where the length was asked before. */
final class PacketLengthTest {
  private static final IpAddress V4 = IpAddress.parse("10.0.0.1");
  private static final IpAddress V6 = IpAddress.parse("fd00::1");

  /** A TCP packet of 40 + 100 bytes of IPv4, 60 + 100 of IPv6. */
  private static Packet packet(IpAddress address) {
    return new Packet().addresses(address, address).payloadLength(100);
  }

  private record Change(UnaryOperator<Packet> change, int lengthV4, int lengthV6) {}

  static Stream<Entry<String, Change>> changes() {
    Packet other = packet(V4).tcpOptions(new byte[8]).payloadLength(7);
    Map<String, Change> changes = new TreeMap<>();
    changes.put("family to IPv4", new Change(packet -> packet.addresses(V4, V4), 140, 140));
    changes.put("family to IPv6", new Change(packet -> packet.addresses(V6, V6), 160, 160));
    changes.put("protocol", new Change(packet -> packet.protocol(IpProtocol.UDP), 128, 148));
    changes.put("payload length", new Change(packet -> packet.payloadLength(1), 41, 61));
    changes.put("payload", new Change(packet -> packet.payload(new byte[2]), 42, 62));
    changes.put("quoted packet", new Change(packet -> packet.inner(packet(V4), 3), 43, 63));
    changes.put("offset", new Change(packet -> packet.fragmentOffset(1), 120, 148));
    changes.put("more fragments", new Change(packet -> packet.moreFragments(true), 140, 168));
    changes.put("atomic", new Change(packet -> packet.atomicFragment(true), 140, 168));
    changes.put("IP options", new Change(packet -> packet.ipOptions(new byte[4]), 144, 160));
    changes.put("AH", new Change(packet -> packet.authentication(new byte[24]), 140, 184));
    changes.put("truncated", new Change(packet -> packet.transportTruncated(true), 120, 140));
    changes.put("TCP options", new Change(packet -> packet.tcpOptions(new byte[12]), 152, 172));
    changes.put("copy", new Change(packet -> copied(packet, other), 55, 55));
    changes.put("transport", new Change(packet -> transportCopied(packet, other), 55, 75));
    return changes.entrySet().stream();
  }

  private static Packet copied(Packet packet, Packet other) {
    packet.copyFrom(other);
    return packet;
  }

  private static Packet transportCopied(Packet packet, Packet other) {
    packet.transportFrom(other);
    return packet;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void followsEachChange(Entry<String, Change> named) {
    Packet v4 = packet(V4);
    Packet v6 = packet(V6);
    assertThat(v4.length()).isEqualTo(140);
    assertThat(v6.length()).isEqualTo(160);
    Change change = named.getValue();
    assertThat(change.change.apply(v4).length()).isEqualTo(change.lengthV4);
    assertThat(change.change.apply(v6).length()).isEqualTo(change.lengthV6);
  }
}
