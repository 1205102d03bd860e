package dev.packetpath.iptables.syntax;

/** Unsigned numbers as strtoul reads them with base 0: spaces and a plus may stand before. */
public final class Numbers {
  private Numbers() {}

  /** Returns the number that a text holds, or -1 if it holds none or more than 63 bits. */
  public static long parse(String text) {
    return parse(text, 0);
  }

  /** Returns the number that a text holds from a place on, or -1 as {@link #parse(String)} does. */
  static long parse(String text, int from) {
    int start = behindSign(text, from);
    int radix = 10;
    if (text.startsWith("0x", start) || text.startsWith("0X", start)) {
      radix = 16;
      start += 2;
    } else if (text.length() > start + 1 && text.charAt(start) == '0') {
      radix = 8;
      start++;
    }
    return digits(text, start, radix);
  }

  /** Returns the decimal number that a text holds, or -1 as {@link #parse(String)} does. */
  public static long parseDecimal(String text) {
    return digits(text, behindSign(text, 0), 10);
  }

  private static int behindSign(String text, int from) {
    int start = from;
    while (start < text.length() && text.charAt(start) <= ' ') {
      start++;
    }
    return text.startsWith("+", start) ? start + 1 : start;
  }

  private static long digits(String text, int start, int radix) {
    if (start == text.length()) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
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
