package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * An address and the bits of it that count, kept as written: unlike {@code -s}, an option of this
 * kind does not clear the other bits (iptables 1.8.9, xtoptions.c, xtopt_parse_hostmask).
 *
 * @param address the address as written
 * @param mask the bits that count
 */
public record HostMask(IpAddress address, IpAddress mask) {
  /** Reads {@code address[/mask]}. */
  static HostMask read(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    int slash = text.indexOf('/');
    IpFamily family = options.family();
    IpAddress address = options.host(given, slash < 0 ? text : text.substring(0, slash));
    if (slash < 0) {
      return new HostMask(address, mask(family, family.bits()));
    }
    String mask = text.substring(slash + 1);
    if (mask.indexOf('.') >= 0 || mask.indexOf(':') >= 0 || mask.isEmpty()) {
      return new HostMask(address, options.host(given, mask));
    }
    // Of IPv4 the real tool takes any length, and then all bits.
    long most = family == IpFamily.IPV4 ? 0xffff_ffffL : family.bits();
    int length = (int) Math.min(options.number(given, mask, 0, most), family.bits());
    return new HostMask(address, mask(family, length));
  }

  private static IpAddress mask(IpFamily family, int length) {
    return AddressMask.of(IpAddress.any(family), length).mask();
  }

  /** Returns whether an address, given as two longs, is equal under the mask. */
  public boolean matches(long high, long low) {
    return ((high ^ address.high()) & mask.high()) == 0
        && ((low ^ address.low()) & mask.low()) == 0;
  }

  /** Returns the address, with {@code /length} if the mask is contiguous and not of full length. */
  @Override
  public String toString() {
    int length = new AddressMask(IpAddress.any(address.family()), mask).prefixLength();
    boolean hidden = length < 0 || length == address.family().bits();
    return hidden ? address.toString() : address + "/" + length;
  }
}
