package dev.packetpath.iptables.syntax;

/**
 * {@code value[/mask]} of a mark.
 *
 * @param value 32 unsigned bits
 * @param mask the bits that count, all by default
 */
public record MarkValue(int value, int mask) {
  private static final long MAX = 0xffff_ffffL;

  /** Reads the value of an option. */
  public static MarkValue read(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    int slash = text.indexOf('/');
    String value = slash < 0 ? text : text.substring(0, slash);
    return new MarkValue(
        (int) options.number(given, value, 0, MAX),
        slash < 0 ? -1 : (int) options.number(given, text.substring(slash + 1), 0, MAX));
  }

  /** Returns {@code 0xvalue}, with {@code /0xmask} where not all bits count. */
  @Override
  public String toString() {
    return mask == -1 ? Numbers.hex(value) : Numbers.hex(value) + "/" + Numbers.hex(mask);
  }
}
