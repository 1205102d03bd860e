package dev.packetpath.iptables;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;

/**
 * An address under a mask that need not be contiguous, as {@code -s} and {@code -d} take it.
 *
 * @param address the address, with no bit set outside the mask
 * @param mask the bits that count
 */
public record AddressMask(IpAddress address, IpAddress mask) {
  private static final AddressMask ANY_V4 = new AddressMask(IpAddress.ANY_V4, IpAddress.ANY_V4);
  private static final AddressMask ANY_V6 = new AddressMask(IpAddress.ANY_V6, IpAddress.ANY_V6);

  /**
   * Checks that both are of one family and that no address bit lies outside the mask.
   *
   * @throws IllegalArgumentException if not
   */
  public AddressMask {
    checkArgument(address.family() == mask.family(), "%s/%s mixes families", address, mask);
    checkArgument(
        (address.high() & ~mask.high()) == 0 && (address.low() & ~mask.low()) == 0,
        "address bits outside the mask: %s/%s",
        address,
        mask);
  }

  /** Returns the mask of a family under which every address is equal. */
  public static AddressMask any(IpFamily family) {
    return family == IpFamily.IPV4 ? ANY_V4 : ANY_V6;
  }

  /** Returns an address under a mask, its other bits cleared. */
  public static AddressMask of(IpAddress address, IpAddress mask) {
    long high = address.high() & mask.high();
    long low = address.low() & mask.low();
    boolean kept = high == address.high() && low == address.low();
    return new AddressMask(kept ? address : new IpAddress(address.family(), high, low), mask);
  }

  /** Returns a prefix as an address under a mask, its other bits cleared. */
  public static AddressMask of(IpAddress address, int prefixLength) {
    IpFamily family = address.family();
    return of(
        address,
        new IpAddress(
            family,
            IpPrefix.maskHigh(family, prefixLength),
            IpPrefix.maskLow(family, prefixLength)));
  }

  /** Returns whether every address is equal under the mask. */
  public boolean isAny() {
    return mask.isAny();
  }

  /** Returns whether an address, given as two longs, is equal under the mask. */
  public boolean matches(long high, long low) {
    return (high & mask.high()) == address.high() && (low & mask.low()) == address.low();
  }

  /** Returns the prefix length of a contiguous mask, or -1. */
  public int prefixLength() {
    IpFamily family = mask.family();
    int length = Long.bitCount(mask.high()) + Long.bitCount(mask.low());
    return mask.high() == IpPrefix.maskHigh(family, length)
            && mask.low() == IpPrefix.maskLow(family, length)
        ? length
        : -1;
  }

  /** Returns {@code address/length}, or {@code address/mask} if the mask is not contiguous. */
  @Override
  public String toString() {
    int length = prefixLength();
    return address + "/" + (length >= 0 ? Integer.toString(length) : mask.toString());
  }
}
