package dev.packetpath.core.net;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.errorprone.annotations.Immutable;

/**
 * A 48-bit Ethernet address.
 *
 * @param bits the six bytes, first byte highest
 */
@Immutable
public record MacAddress(long bits) {
  /**
   * Checks that the address has 48 bits.
   *
   * @throws IllegalArgumentException if it has more
   */
  public MacAddress {
    checkArgument(bits >>> 48 == 0, "an Ethernet address has 48 bits, found %s", bits);
  }

  /**
   * Returns the address written as six hexadecimal bytes with colons.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static MacAddress parse(String text) {
    checkArgument(
        text.matches("[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}"),
        "not an Ethernet address: \"%s\"",
        text);
    long bits = 0;
    for (String octet : Splitter.on(':').split(text)) {
      bits = bits << 8 | Integer.parseInt(octet, 16);
    }
    return new MacAddress(bits);
  }

  /** Returns six lower-case hexadecimal bytes with colons, as {@code ip link} prints them. */
  @Override
  public String toString() {
    return String.format(
        "%02x:%02x:%02x:%02x:%02x:%02x",
        bits >>> 40,
        bits >>> 32 & 0xff,
        bits >>> 24 & 0xff,
        bits >>> 16 & 0xff,
        bits >>> 8 & 0xff,
        bits & 0xff);
  }
}
