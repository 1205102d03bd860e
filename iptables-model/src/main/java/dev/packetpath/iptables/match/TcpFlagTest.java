package dev.packetpath.iptables.match;

import com.google.common.base.Splitter;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@code --tcp-flags} asks: which of the masked flags must be set, the others of the mask
 * clear.
 *
 * @param mask the flags that count
 * @param set those of them that must be set
 * @param inverted whether the sense is reversed
 */
public record TcpFlagTest(int mask, int set, boolean inverted) {
  /** Asks for nothing. */
  public static final TcpFlagTest ANY = new TcpFlagTest(0, 0, false);

  /** {@code --syn}. */
  public static final TcpFlagTest SYN =
      new TcpFlagTest(
          TcpFlags.FIN | TcpFlags.SYN | TcpFlags.RST | TcpFlags.ACK, TcpFlags.SYN, false);

  private static final String[] NAMES = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};
  private static final int ALL = 0x3f;

  static TcpFlagTest read(OptionValues options, OptionValues.Given given) {
    return new TcpFlagTest(
        bits(options, given, given.value()),
        bits(options, given, given.values().get(1)),
        given.inverted());
  }

  private static int bits(OptionValues options, OptionValues.Given given, String text) {
    int bits = 0;
    for (String name : Splitter.on(',').omitEmptyStrings().split(text.toUpperCase(Locale.ROOT))) {
      int index = Arrays.asList(NAMES).indexOf(name);
      if (index >= 0) {
        bits |= 1 << index;
      } else if (name.equals("ALL")) {
        bits |= ALL;
      } else if (!name.equals("NONE")) {
        throw options.error(
            given, "\"" + text + "\"", "a list of FIN SYN RST PSH ACK URG, ALL or NONE");
      }
    }
    return bits;
  }

  TcpFlagTest invertedIf(boolean invert) {
    return new TcpFlagTest(mask, set, invert);
  }

  boolean matches(int flags) {
    return ((flags & mask) == set) != inverted;
  }

  void print(OptionPrinter out) {
    if (mask != 0 || inverted) {
      out.option(inverted, "--tcp-flags", names(mask)).word(names(set));
    }
  }

  private static String names(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NAMES.length; i++) {
      if ((bits >> i & 1) != 0) {
        text.append(text.isEmpty() ? "" : ",").append(NAMES[i]);
      }
    }
    return text.isEmpty() ? "NONE" : text.toString();
  }
}
