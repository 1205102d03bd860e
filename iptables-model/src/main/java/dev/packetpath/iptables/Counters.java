package dev.packetpath.iptables;

/**
 * What a rule or a policy counted.
 *
 * @param packets how many packets matched
 * @param bytes the sum of their lengths from the IP header on
 */
public record Counters(long packets, long bytes) {
  /** Nothing counted. */
  public static final Counters ZERO = new Counters(0, 0);

  /** Returns the sum of both. */
  public Counters plus(Counters other) {
    return new Counters(packets + other.packets, bytes + other.bytes);
  }

  /** Returns {@code [packets:bytes]}. */
  @Override
  public String toString() {
    return "[" + Long.toUnsignedString(packets) + ":" + Long.toUnsignedString(bytes) + "]";
  }
}
