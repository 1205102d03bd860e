package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/** What of a packet the hashing schedulers hash, and the multiplicative hash of most of them. */
final class Folding {
  private static final int GOLDEN_RATIO_32 = 0x61C8_8647;

  private Folding() {}

  /** Returns an address in 32 bits: an IPv6 address is the exclusive or of its four words. */
  static int fold(long high, long low) {
    long halves = high ^ low;
    return (int) (halves ^ halves >>> 32);
  }

  /** Returns an address in 32 bits. */
  static int fold(IpAddress address) {
    return isIpv4(address) ? address.ipv4Bits() : fold(address.high(), address.low());
  }

  private static boolean isIpv4(IpAddress address) {
    return address.family().bits() == 32;
  }

  /** Returns the source address of a packet in 32 bits. */
  static int source(Packet packet) {
    return fold(packet.sourceHigh(), packet.sourceLow());
  }

  /** Returns the destination address of a packet in 32 bits. */
  static int destination(Packet packet) {
    return fold(packet.destinationHigh(), packet.destinationLow());
  }

  /** Returns the source port, 0 if the protocol has none that is hashed. */
  static int sourcePort(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP -> packet.sourcePort();
      default -> 0;
    };
  }

  /** Returns the upper {@code bits} bits of a product (hash_32 in include/linux/hash.h). */
  static int hash32(int value, int bits) {
    return (value * GOLDEN_RATIO_32) >>> (32 - bits);
  }
}
