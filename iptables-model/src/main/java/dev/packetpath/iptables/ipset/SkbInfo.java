package dev.packetpath.iptables.ipset;

/**
 * What an element can put on a packet: the {@code skbinfo} extension.
 *
 * @param mark {@code skbmark}, unsigned
 * @param mask the bits of the packet's mark that it replaces, unsigned
 * @param priority {@code skbprio}, major in the upper 16 bits
 * @param queue {@code skbqueue}, 0 to 65535
 */
public record SkbInfo(int mark, int mask, int priority, int queue) {
  /** Nothing. */
  public static final SkbInfo NONE = new SkbInfo(0, 0, 0, 0);

  void appendTo(StringBuilder out) {
    if (mark != 0 || mask != 0) {
      out.append(" skbmark 0x").append(Integer.toHexString(mark));
      if (mask != -1) {
        out.append("/0x").append(Integer.toHexString(mask));
      }
    }
    if (priority != 0) {
      out.append(" skbprio ")
          .append(Integer.toHexString(priority >>> 16))
          .append(':')
          .append(Integer.toHexString(priority & 0xffff));
    }
    if (queue != 0) {
      out.append(" skbqueue ").append(queue);
    }
  }
}
