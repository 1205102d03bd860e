package dev.packetpath.conntrack;

import dev.packetpath.core.Decisions;
import java.util.function.Predicate;

/**
 * Looks for a port, or an ICMP identifier, with which a tuple is free (nf_nat_l4proto_unique_tuple
 * in net/netfilter/nf_nat_core.c, Linux 6.1).
 */
final class PortSearch {
  private static final int MAX_ATTEMPTS = 128;
  private static final int FEWEST_ATTEMPTS = 16;
  private static final long SITE = 0x6e61_745f_706f_7274L;

  private final Decisions decisions;

  PortSearch(Decisions decisions) {
    this.decisions = decisions;
  }

  /**
   * Returns the first free tuple; the last one tried if none of those tried is free.
   *
   * @param used whether another connection has a tuple
   */
  Tuple search(Tuple tuple, NatRange range, ManipType type, Predicate<Tuple> used) {
    boolean icmp = tuple.isIcmp();
    if (!icmp && !Tuple.hasPorts(tuple.protocol())) {
      return tuple;
    }
    boolean atSource = icmp || type == ManipType.SOURCE;
    int port = atSource ? tuple.sourcePort() : tuple.destinationPort();
    int min;
    int size;
    if (range.portsGiven()) {
      boolean swapped = !icmp && range.maxPort() < range.minPort();
      min = swapped ? range.maxPort() : range.minPort();
      size = (swapped ? range.minPort() : range.maxPort()) - min + 1;
    } else if (icmp) {
      min = 0;
      size = 65_536;
    } else if (type == ManipType.DESTINATION) {
      return tuple;
    } else {
      min = port < 512 ? 1 : port < 1024 ? 600 : 1024;
      size = (port < 512 ? 511 : port < 1024 ? 1023 : 65_535) - min + 1;
    }
    int offset = firstOffset(port, range, type);
    Tuple candidate = tuple;
    int attempts = Math.min(size, MAX_ATTEMPTS);
    while (true) {
      for (int i = 0; i < attempts; i++) {
        int chosen = min + offset % size;
        candidate =
            atSource
                ? tuple.withPorts(chosen, tuple.destinationPort())
                : tuple.withPorts(tuple.sourcePort(), chosen);
        if (!used.test(candidate)) {
          return candidate;
        }
        offset = (offset + 1) & 0xffff;
      }
      if (attempts >= size || attempts < FEWEST_ATTEMPTS) {
        return candidate;
      }
      attempts /= 2;
      offset = draw();
    }
  }

  /** A destination port is looked for from the first of the range on, unless it shall be random. */
  private int firstOffset(int port, NatRange range, ManipType type) {
    if (range.basePortGiven()) {
      return (port - range.basePort()) & 0xffff;
    }
    boolean inOrder = type == ManipType.DESTINATION && !range.random() && !range.randomFully();
    return inOrder ? 0 : draw();
  }

  private int draw() {
    return decisions.bits(SITE) >>> 16;
  }
}
