package dev.packetpath.core.net;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.errorprone.annotations.Immutable;

/**
 * An address prefix such as {@code 10.0.0.0/8}; the bits behind the prefix are 0.
 *
 * @param address the network address
 * @param length the number of leading bits that count, 0 to 32 or 128
 */
@Immutable
public record IpPrefix(IpAddress address, int length) {
  /**
   * Checks the length and that no bit behind it is set.
   *
   * @throws IllegalArgumentException if either is wrong; {@link #of} clears the bits instead
   */
  public IpPrefix {
    checkArgument(
        length >= 0 && length <= address.family().bits(),
        "prefix length out of range 0..%s: %s",
        address.family().bits(),
        length);
    checkArgument(
        (address.high() & ~maskHigh(address.family(), length)) == 0
            && (address.low() & ~maskLow(address.family(), length)) == 0,
        "host bits set in %s/%s",
        address,
        length);
  }

  /** Returns the prefix of this length that holds the address. */
  public static IpPrefix of(IpAddress address, int length) {
    IpFamily family = address.family();
    checkArgument(
        length >= 0 && length <= family.bits(),
        "prefix length out of range 0..%s: %s",
        family.bits(),
        length);
    return new IpPrefix(
        new IpAddress(
            family,
            address.high() & maskHigh(family, length),
            address.low() & maskLow(family, length)),
        length);
  }

  /** Returns the prefix that holds this one address. */
  public static IpPrefix host(IpAddress address) {
    return new IpPrefix(address, address.family().bits());
  }

  /**
   * Returns the prefix written as {@code address/length}, or {@code address} alone for one host.
   *
   * @throws IllegalArgumentException if the text is none, or bits behind the prefix are set
   */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return host(IpAddress.parse(text));
    }
    try {
      return new IpPrefix(
          IpAddress.parse(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a prefix length: \"" + text + "\"", e);
    }
  }

  /** Returns the upper 64 bits of the mask of a prefix length; 0 for IPv4. */
  public static long maskHigh(IpFamily family, int length) {
    if (family == IpFamily.IPV4 || length == 0) {
      return 0;
    }
    return length >= 64 ? -1L : -1L << (64 - length);
  }

  /** Returns the lower 64 bits of the mask of a prefix length; 32 of them for IPv4. */
  public static long maskLow(IpFamily family, int length) {
    if (family == IpFamily.IPV4) {
      return length == 0 ? 0 : 0xffff_ffffL << (32 - length) & 0xffff_ffffL;
    }
    return length <= 64 ? 0 : -1L << (128 - length);
  }

  /** Returns the family of the address. */
  public IpFamily family() {
    return address.family();
  }

  /** Returns whether the address lies in this prefix; an address of the other family does not. */
  public boolean contains(IpAddress other) {
    return other.family() == family() && contains(other.high(), other.low());
  }

  /** Returns whether the address of this family, given as two longs, lies in this prefix. */
  public boolean contains(long high, long low) {
    return (high & maskHigh(family(), length)) == address.high()
        && (low & maskLow(family(), length)) == address.low();
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
