package dev.packetpath.iptables;

/**
 * What a match is to the compiled walk. The walk tests the known forms itself, and may leave out a
 * test whose answer it knows; a match of the form {@link Function} is called exactly when the
 * kernel calls it.
 */
public sealed interface MatchForm {
  /** The form of a match that is known by its function alone. */
  MatchForm FUNCTION = new Function();

  /** The form of a match that always holds. */
  MatchForm ALWAYS = new Always();

  /** Known by its function alone, which may remember packets. */
  record Function() implements MatchForm {}

  /** Holds for every packet. */
  record Always() implements MatchForm {}

  /**
   * Asks for ports, and perhaps TCP flags, of a whole packet or a first fragment. A later fragment
   * does not hold; a packet that ends before its ports is dropped.
   *
   * @param source the source ports
   * @param destination the destination ports
   * @param flagMask the TCP flags that count, 0 to 255
   * @param flags what they must be; 0 under a mask of 0 asks for nothing
   * @param flagsInverted whether the sense of the flags is reversed
   * @param dropsOffsetOne whether a fragment at offset 1, which could overwrite a TCP header, is
   *     dropped
   */
  record Ports(
      PortInterval source,
      PortInterval destination,
      int flagMask,
      int flags,
      boolean flagsInverted,
      boolean dropsOffsetOne)
      implements MatchForm {
    /** Returns whether nothing is asked but destination ports. */
    boolean asksDestinationAlone() {
      return source.equals(PortInterval.ANY) && flagMask == 0 && flags == 0 && !flagsInverted;
    }
  }

  /**
   * Asks for bits of the packet mark.
   *
   * @param mask the bits that count
   * @param value what they must be
   * @param inverted whether the sense is reversed
   */
  record Mark(int mask, int value, boolean inverted) implements MatchForm {}

  /**
   * Asks for any of some states of the packet's connection.
   *
   * @param states as bits of {@link dev.packetpath.iptables.match.ConnectionStates}
   * @param inverted whether the sense is reversed
   */
  record State(int states, boolean inverted) implements MatchForm {}

  /**
   * Draws 31 random bits at the match's site and holds if they are below a threshold.
   *
   * @param threshold 0 to 2<sup>31</sup>
   * @param inverted whether the sense is reversed
   */
  record Chance(long threshold, boolean inverted) implements MatchForm {}

  /**
   * Ports from a first to a last one; none if the last is below the first.
   *
   * @param first the lowest, 0 to 65535
   * @param last the highest, 0 to 65535
   * @param inverted whether the ports outside are meant
   */
  record PortInterval(int first, int last, boolean inverted) {
    /** Every port. */
    public static final PortInterval ANY = new PortInterval(0, 0xffff, false);

    /** Returns whether one port is asked for. */
    boolean isOne() {
      return first == last && !inverted;
    }
  }
}
