package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.syntax.Numbers;
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
    IpAddress address = host(options, given, slash < 0 ? text : text.substring(0, slash));
    if (slash < 0) {
      return new HostMask(address, mask(family, family.bits()));
    }
    String mask = text.substring(slash + 1);
    if (mask.indexOf('.') >= 0 || mask.indexOf(':') >= 0 || mask.isEmpty()) {
      return new HostMask(address, host(options, given, mask));
    }
    int length = (int) options.number(given, mask, 0, IpFamily.IPV6.bits());
    return new HostMask(address, mask(family, Math.min(length, family.bits())));
  }

  /**
   * Reads an address; an IPv4 one may be shortened as inet_aton allows: {@code 10.1} is 10.0.0.1.
   */
  static IpAddress host(OptionValues options, OptionValues.Given given, String text) {
    if (options.family() == IpFamily.IPV4 && text.indexOf(':') < 0) {
      long bits = shortened(text);
      if (bits >= 0) {
        return IpAddress.ipv4((int) bits);
      }
    }
    return options.address(given, text);
  }

  private static long shortened(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length > 4) {
      return -1;
    }
    long bits = 0;
    for (int i = 0; i < parts.length; i++) {
      long part = Numbers.parse(parts[i]);
      boolean last = i == parts.length - 1;
      long most = last ? 0xffff_ffffL >>> (8 * i) : 0xff;
      if (part < 0 || part > most) {
        return -1;
      }
      bits = last ? bits | part : bits | part << (24 - 8 * i);
    }
    return bits;
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
