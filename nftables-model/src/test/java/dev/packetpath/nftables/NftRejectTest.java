package dev.packetpath.nftables;

import static dev.packetpath.nftables.NftHost.filter;
import static dev.packetpath.nftables.NftHost.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whom reject tells of a packet, and how. */
final class NftRejectTest {
  private static Packet packet() {
    return udp("10.0.1.2", 1000, "10.0.2.2", 53);
  }

  private static NftHost forward(List<NftRule> rules, Object... others) {
    return new NftHost(filter(Hook.FORWARD, rules, others));
  }

  @Test
  void anErrorBeforeRoutingComesFromTheDeviceItLeavesBy() {
    NftHost host =
        new NftHost(filter(Hook.PREROUTING, List.of(NftRule.of(new Statement.Reject()))));
    List<Packet> errors = host.receive(udp("10.0.1.2", 1000, "10.0.2.1", 53));
    assertThat(errors).hasSize(1);
    assertThat(errors.get(0).source()).isEqualTo(IpAddress.parse("10.0.1.1"));
    host = new NftHost(filter(Hook.INPUT, List.of(NftRule.of(new Statement.Reject()))));
    errors = host.receive(udp("10.0.1.2", 1000, "10.0.2.1", 53));
    assertThat(errors.get(0).source()).isEqualTo(IpAddress.parse("10.0.2.1"));
  }

  @Test
  void nobodyIsToldOfAPacketWhoseSumIsNotRight() {
    NftHost host = forward(List.of(NftRule.of(new Statement.Reject())));
    Packet other = packet().protocol(103).payload(new byte[] {1, 2, 3});
    assertThat(host.receive(other)).isEmpty();
    assertThat(host.receive(other.payload(new byte[2]))).hasSize(1);
  }

  @Test
  void rejectTellsTheSender() {
    NftHost host = forward(List.of(NftRule.of(new Statement.Reject())));
    assertThat(host.receive(packet()))
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.destination()).isEqualTo(IpAddress.parse("10.0.1.2"));
              assertThat(error.icmpType()).isEqualTo(3);
              assertThat(error.icmpCode()).isEqualTo(3);
            });
    NftHost ipv6 =
        new NftHost(
            NftHost.table(
                IpFamily.IPV6,
                NftHost.base(
                    "filter", Hook.FORWARD, 0, List.of(NftRule.of(new Statement.Reject())))));
    assertThat(ipv6.receive(udp("fd00:1::2", 1, "fd00:2::2", 53)))
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.icmpType()).isEqualTo(1);
              assertThat(error.icmpCode()).isEqualTo(4);
            });
  }

  @Test
  void aBrokenPacketIsRejectedWithoutAWord() {
    NftHost host = forward(List.of(NftRule.of(new Statement.Reject())));
    Packet broken = packet();
    broken.checksumValid(false);
    assertThat(host.receive(broken)).isEmpty();
  }
}
