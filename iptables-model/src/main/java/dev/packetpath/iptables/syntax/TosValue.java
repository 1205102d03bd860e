package dev.packetpath.iptables.syntax;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;

/**
 * {@code value[/mask]} of the type-of-service byte, or one of its old names, which leave the ECN
 * bits out (libxtables 1.8.9, xtopt_parse_tosmask).
 *
 * @param value 8 bits
 * @param mask the bits that count
 */
public record TosValue(int value, int mask) {
  private static final ImmutableMap<String, Integer> NAMES =
      ImmutableMap.of(
          "minimize-delay", 0x10,
          "maximize-throughput", 0x08,
          "maximize-reliability", 0x04,
          "minimize-cost", 0x02,
          "normal-service", 0x00);
  private static final int MASK_OF_NAMES = 0x3f;

  /** Checks that both are bytes. */
  public TosValue {
    checkArgument(
        (value & ~0xff) == 0 && (mask & ~0xff) == 0,
        "value and mask 0 to 255, found %s and %s",
        value,
        mask);
  }

  /** Reads the value of an option. */
  public static TosValue read(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    Integer named = NAMES.get(Ascii.toLowerCase(text));
    if (named != null) {
      return new TosValue(named, MASK_OF_NAMES);
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      long value = Numbers.parse(text);
      if (value < 0 || value > 0xff) {
        throw options.error(
            given, "\"" + text + "\"", "0 to 255 or one of " + String.join(", ", NAMES.keySet()));
      }
      return new TosValue((int) value, 0xff);
    }
    return new TosValue(
        (int) options.number(given, text.substring(0, slash), 0, 0xff),
        (int) options.number(given, text.substring(slash + 1), 0, 0xff));
  }

  /** Returns {@code 0xvalue/0xmask}. */
  @Override
  public String toString() {
    return String.format("0x%02x/0x%02x", value, mask);
  }
}
