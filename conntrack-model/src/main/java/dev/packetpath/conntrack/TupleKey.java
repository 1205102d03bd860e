package dev.packetpath.conntrack;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * A tuple that is looked for: the fields of {@link Tuple}, to be set again and again.
 *
 * <p>Hot: all methods but {@link #toTuple}. They do not allocate.
 */
final class TupleKey {
  private IpFamily family = IpFamily.IPV4;
  private int protocol;
  private long sourceHigh;
  private long sourceLow;
  private long destinationHigh;
  private long destinationLow;

  /** The source port in the upper half, the destination port in the lower one. */
  private int ports;

  /** Sets all fields. */
  @CanIgnoreReturnValue
  TupleKey set(
      IpFamily family,
      int protocol,
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int ports) {
    if (this.family != family) { // a store of a reference takes 5 instructions
      this.family = family;
    }
    this.protocol = protocol;
    this.sourceHigh = sourceHigh;
    this.sourceLow = sourceLow;
    this.destinationHigh = destinationHigh;
    this.destinationLow = destinationLow;
    this.ports = ports;
    return this;
  }

  /** Takes over a tuple. */
  @CanIgnoreReturnValue
  TupleKey set(Tuple tuple) {
    return set(
        tuple.family(),
        tuple.protocol(),
        tuple.sourceHigh(),
        tuple.sourceLow(),
        tuple.destinationHigh(),
        tuple.destinationLow(),
        tuple.sourcePort() << 16 | tuple.destinationPort());
  }

  /** Takes over the tuple of a packet that is known to have a readable header with ports. */
  @CanIgnoreReturnValue
  TupleKey set(Packet packet) {
    return set(
        packet.family(),
        packet.protocol(),
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.destinationHigh(),
        packet.destinationLow(),
        ports(packet));
  }

  /** Takes over the tuple of one direction of a row. */
  @CanIgnoreReturnValue
  TupleKey set(IpFamily family, int[] words, int base, Direction direction) {
    int protocol = EntryKind.protocol(words[base + EntryRow.KIND]);
    int at = base + EntryRow.tuple(family, direction.bit());
    return family == IpFamily.IPV4
        ? set(
            family,
            protocol,
            0,
            words[at + 1] & 0xffff_ffffL,
            0,
            words[at + 2] & 0xffff_ffffL,
            words[at])
        : set(
            family,
            protocol,
            EntryRow.getLong(words, at + 1),
            EntryRow.getLong(words, at + 3),
            EntryRow.getLong(words, at + 5),
            EntryRow.getLong(words, at + 7),
            words[at]);
  }

  IpFamily family() {
    return family;
  }

  int protocol() {
    return protocol;
  }

  /** Returns whether there is a tuple that an answer has. */
  boolean hasInverse() {
    return !isIcmp() || IcmpQueries.answerOf(family, ports >>> 8 & 0xff) >= 0;
  }

  private boolean isIcmp() {
    return protocol == (family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6);
  }

  /** Returns the tuple; allocates. */
  Tuple toTuple() {
    return new Tuple(
        family,
        protocol,
        sourceHigh,
        sourceLow,
        destinationHigh,
        destinationLow,
        ports >>> 16,
        ports & 0xffff);
  }

  /** Becomes the tuple that an answer has; only if {@link #hasInverse}. */
  @CanIgnoreReturnValue
  TupleKey invert() {
    return set(
        family, protocol, destinationHigh, destinationLow, sourceHigh, sourceLow, portsOfAnswer());
  }

  /** Returns what the tuple that an answer has has in place of ports. */
  private int portsOfAnswer() {
    return isIcmp()
        ? (ports & ~0xff00) | IcmpQueries.answerOf(family, ports >>> 8 & 0xff) << 8
        : ports << 16 | ports >>> 16;
  }

  /**
   * Gives a packet with ports, which is of the row's family, the tuple that an answer to one of a
   * direction of the row has, given by its bit.
   */
  static void invertInto(Packet packet, int[] words, int base, int direction) {
    int at = base + EntryRow.tuple(packet.family(), direction);
    int ports = words[at];
    if (packet.family() == IpFamily.IPV4) {
      packet.source(0, words[at + 2] & 0xffff_ffffL);
      packet.destination(0, words[at + 1] & 0xffff_ffffL);
    } else {
      packet.source(EntryRow.getLong(words, at + 5), EntryRow.getLong(words, at + 7));
      packet.destination(EntryRow.getLong(words, at + 1), EntryRow.getLong(words, at + 3));
    }
    packet.ports(ports & 0xffff, ports >>> 16);
  }

  /** Returns whether a packet with ports has the tuple that an answer has. */
  boolean isInverseOf(Packet packet) {
    return packet.sourceHigh() == destinationHigh
        && packet.sourceLow() == destinationLow
        && packet.destinationHigh() == sourceHigh
        && packet.destinationLow() == sourceLow
        && (packet.destinationPort() << 16 | packet.sourcePort()) == ports;
  }

  /** Puts the tuple into a direction of a row, which is of the same family. */
  void put(int[] words, int base, Direction direction) {
    putEnds(words, base, direction, sourceHigh, sourceLow, destinationHigh, destinationLow, ports);
  }

  /**
   * Puts the tuple into the original direction of a row, which is of the same family, and that of
   * an answer into the other; only if {@link #hasInverse}.
   */
  void putBoth(int[] words, int base) {
    put(words, base, Direction.ORIGINAL);
    putEnds(
        words,
        base,
        Direction.REPLY,
        destinationHigh,
        destinationLow,
        sourceHigh,
        sourceLow,
        portsOfAnswer());
  }

  private void putEnds(
      int[] words,
      int base,
      Direction direction,
      long fromHigh,
      long fromLow,
      long toHigh,
      long toLow,
      int portsOfBoth) {
    int at = base + EntryRow.tuple(family, direction.bit());
    words[at] = portsOfBoth;
    if (family == IpFamily.IPV4) {
      words[at + 1] = (int) fromLow;
      words[at + 2] = (int) toLow;
    } else {
      EntryRow.putLong(words, at + 1, fromHigh);
      EntryRow.putLong(words, at + 3, fromLow);
      EntryRow.putLong(words, at + 5, toHigh);
      EntryRow.putLong(words, at + 7, toLow);
    }
  }

  /**
   * Returns whether a direction of a row, given by its bit, has this tuple; the row is of the same
   * family.
   */
  boolean equalsRow(int[] words, int base, int direction) {
    int at = base + EntryRow.tuple(family, direction);
    return EntryKind.protocol(words[base + EntryRow.KIND]) == protocol
        && (family == IpFamily.IPV4
            ? equalsIpv4(words, at, ports, sourceLow, destinationLow)
            : equalsIpv6(words, at, ports, sourceHigh, sourceLow, destinationHigh, destinationLow));
  }

  /**
   * Returns whether a direction of a row, given by its bit, has the addresses and ports of a packet
   * with ports, which is of the same family and protocol.
   */
  static boolean equalsRow(Packet packet, int[] words, int base, int direction) {
    int at = base + EntryRow.tuple(packet.family(), direction);
    return packet.family() == IpFamily.IPV4
        ? equalsIpv4(words, at, ports(packet), packet.sourceLow(), packet.destinationLow())
        : equalsIpv6(
            words,
            at,
            ports(packet),
            packet.sourceHigh(),
            packet.sourceLow(),
            packet.destinationHigh(),
            packet.destinationLow());
  }

  private static boolean equalsIpv4(int[] words, int at, int ports, long source, long destination) {
    return ((words[at] ^ ports)
            | (words[at + 1] ^ (int) source)
            | (words[at + 2] ^ (int) destination))
        == 0;
  }

  private static boolean equalsIpv6(
      int[] words,
      int at,
      int ports,
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow) {
    return words[at] == ports
        && EntryRow.getLong(words, at + 1) == sourceHigh
        && EntryRow.getLong(words, at + 3) == sourceLow
        && EntryRow.getLong(words, at + 5) == destinationHigh
        && EntryRow.getLong(words, at + 7) == destinationLow;
  }

  /** Returns whether the source of a row's original direction is that of this tuple. */
  boolean sourceEqualsRow(int[] words, int base) {
    int at = base + EntryRow.tuple(family, Direction.ORIGINAL.bit());
    if (words[at] >>> 16 != ports >>> 16
        || EntryKind.protocol(words[base + EntryRow.KIND]) != protocol) {
      return false;
    }
    return family == IpFamily.IPV4
        ? words[at + 1] == (int) sourceLow
        : EntryRow.getLong(words, at + 1) == sourceHigh
            && EntryRow.getLong(words, at + 3) == sourceLow;
  }

  /** Returns 64 well-mixed bits of the tuple, a zone and a seed. */
  long hash(int zone, long seed) {
    return hash(
        family,
        protocol,
        sourceHigh,
        sourceLow,
        destinationHigh,
        destinationLow,
        ports,
        zone,
        seed);
  }

  /** Returns the {@link #hash} of the tuple of a packet with ports, without a key. */
  static long hash(Packet packet, int zone, long seed) {
    return hash(
        packet.family(),
        packet.protocol(),
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.destinationHigh(),
        packet.destinationLow(),
        ports(packet),
        zone,
        seed);
  }

  private static long hash(
      IpFamily family,
      int protocol,
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      int ports,
      int zone,
      long seed) {
    long ofAddresses =
        family == IpFamily.IPV4
            ? mix(seed ^ (sourceLow << 32 | destinationLow))
            : mixed(seed, sourceHigh, sourceLow, destinationHigh, destinationLow);
    return hash(ofAddresses, family, protocol, ports, zone);
  }

  private static int ports(Packet packet) {
    return packet.sourcePort() << 16 | packet.destinationPort();
  }

  /** Returns the {@link #hash} of the tuple of a direction of a row, without a key. */
  static long hash(
      IpFamily family, int[] words, int base, Direction direction, int zone, long seed) {
    int at = base + EntryRow.tuple(family, direction.bit());
    long ofAddresses =
        family == IpFamily.IPV4
            ? mix(seed ^ EntryRow.getLong(words, at + 1))
            : mixed(
                seed,
                EntryRow.getLong(words, at + 1),
                EntryRow.getLong(words, at + 3),
                EntryRow.getLong(words, at + 5),
                EntryRow.getLong(words, at + 7));
    int protocol = EntryKind.protocol(words[base + EntryRow.KIND]);
    return hash(ofAddresses, family, protocol, words[at], zone);
  }

  private static long mixed(
      long seed, long sourceHigh, long sourceLow, long destinationHigh, long destinationLow) {
    long ofSource = mix(mix(seed ^ sourceHigh) + sourceLow);
    return mix(mix(ofSource ^ destinationHigh) + destinationLow);
  }

  private static long hash(long ofAddresses, IpFamily family, int protocol, int ports, int zone) {
    long rest = (long) ports << 32 | (long) zone << 16 | (long) protocol << 8 | family.ordinal();
    return mix(ofAddresses ^ rest);
  }

  /** Returns 64 well-mixed bits of the tuple's source, a zone and a seed. */
  long hashOfSource(int zone, long seed) {
    return mix(
        mix(mix(seed ^ sourceHigh) + sourceLow)
            ^ ((long) (ports >>> 16) << 32
                | (long) zone << 16
                | (long) protocol << 8
                | family.ordinal()));
  }

  /**
   * The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
   * Generators, 2014).
   */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }
}
