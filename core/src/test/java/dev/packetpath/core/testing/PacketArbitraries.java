package dev.packetpath.core.testing;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Packets between few addresses and ports, so that they meet rules and one another often. */
public final class PacketArbitraries {
  private PacketArbitraries() {}

  /** Returns addresses of a family: sixteen of one small network. */
  public static Arbitrary<IpAddress> addresses(IpFamily family) {
    return Arbitraries.integers()
        .between(0, 15)
        .map(
            host ->
                family == IpFamily.IPV4
                    ? IpAddress.ipv4(0x0a00_0100 + host)
                    : IpAddress.ipv6(0xfd00_0001_0000_0000L, host));
  }

  /** Returns ports: a few well-known and a few high ones. */
  public static Arbitrary<Integer> ports() {
    return Arbitraries.of(22, 53, 80, 443, 8080, 20000, 20001, 65535);
  }

  /** Returns whole TCP, UDP, SCTP and ICMP packets of a family. */
  public static Arbitrary<Packet> packets(IpFamily family) {
    int icmp = family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
    int echo = family == IpFamily.IPV4 ? 8 : 128;
    Arbitrary<Integer> protocols =
        Arbitraries.of(IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, icmp);
    return Combinators.combine(
            protocols,
            addresses(family),
            addresses(family),
            ports(),
            ports(),
            Arbitraries.integers().between(0, 255),
            Arbitraries.integers().between(0, 64))
        .as(
            (protocol, source, destination, sourcePort, destinationPort, bits, length) -> {
              Packet packet =
                  new Packet().addresses(source, destination).protocol(protocol).tos(bits & 0xfc);
              packet.payloadLength(length).ttl(1 + (bits & 0x3f)).id(bits);
              if (protocol == icmp) {
                return packet.icmpType(echo).icmpId(sourcePort).icmpSequence(bits);
              }
              packet.ports(sourcePort, destinationPort);
              return protocol == IpProtocol.TCP
                  ? packet.tcpFlags(bits & 0x3f).tcpSequence(bits).tcpAcknowledgment(~bits)
                  : packet;
            });
  }

  /** Returns whole packets of both families. */
  public static Arbitrary<Packet> packets() {
    return Arbitraries.of(IpFamily.values()).flatMap(PacketArbitraries::packets);
  }
}
