package dev.packetpath.core.packet;

import com.google.common.primitives.ImmutableIntArray;

/**
 * The fragments that a packet was put together from. The kernel keeps each in its own buffer, as
 * long as nothing needs them joined, and sends them on as they came.
 *
 * <p>Source: net/ipv4/inet_fragment.c, inet_frag_reasm_finish; ip_output.c, ip_do_fragment, and its
 * IPv6 twin, Linux 6.1.
 *
 * @param largest the bytes of the largest fragment, from the IP header on; 0 if the packet was
 *     never in pieces ({@code IPCB(skb)->frag_max_size})
 * @param starts where the second and each further buffer begins, in bytes behind the IP header,
 *     ascending
 * @param shared whether another packet refers to the same buffers, so that this one is cut anew
 */
public record Pieces(int largest, ImmutableIntArray starts, boolean shared) {
  /** Of a packet that was never in pieces. */
  public static final Pieces NONE = of(0);

  /** Returns pieces in buffers of their own; one buffer without {@code starts}. */
  public static Pieces of(int largest, int... starts) {
    return new Pieces(largest, ImmutableIntArray.copyOf(starts), false);
  }

  /** Returns the pieces of a copy that refers to the same buffers (pskb_copy). */
  public Pieces ofCopy() {
    return new Pieces(largest, starts, true);
  }

  /** Returns the pieces after all were copied into one buffer (skb_linearize). */
  public Pieces joined() {
    return starts.isEmpty() ? this : of(largest);
  }

  /**
   * Returns the pieces after the first buffer was made to hold so many bytes behind the IP header
   * (pskb_may_pull).
   */
  public Pieces pulled(int bytes) {
    if (starts.isEmpty() || starts.get(0) >= bytes) {
      return this;
    }
    ImmutableIntArray.Builder left = ImmutableIntArray.builder().add(bytes);
    starts.stream().filter(start -> start > bytes).forEach(left::add);
    return new Pieces(largest, left.build(), shared);
  }

  /** Returns whether the buffers can be sent on as they are. */
  public boolean canStay() {
    return !starts.isEmpty()
        && !shared
        && starts.stream().allMatch(start -> start % Fragments.UNIT_BYTES == 0);
  }
}
