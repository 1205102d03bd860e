package dev.packetpath.iptables.syntax;

/** Unsigned numbers as strtoul reads them with base 0. */
public final class Numbers {
  private Numbers() {}

  /** Returns the number that a text holds, or -1 if it holds none or more than 63 bits. */
  public static long parse(String text) {
    int radix = 10;
    int start = 0;
    if (text.startsWith("0x") || text.startsWith("0X")) {
      radix = 16;
      start = 2;
    } else if (text.length() > 1 && text.charAt(0) == '0') {
      radix = 8;
      start = 1;
    }
    if (start == text.length()) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < text.length(); i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit < 0 || value > (Long.MAX_VALUE - digit) / radix) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }

  /** Returns {@code 0x} and lower-case hexadecimal digits of 32 unsigned bits. */
  public static String hex(int bits) {
    return "0x" + Integer.toHexString(bits);
  }
}
