package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * Rates such as {@code 5/sec}, held as the time between two packets in fractions of a second.
 *
 * <p>Source: iptables 1.8.9, libxt_limit.c and libxt_hashlimit.c, parse_rate and print_rate.
 *
 * @param scale the fractions of a second
 */
record RateText(long scale) {
  private static final String[] READ = {"second", "minute", "hour", "day"};
  private static final String[] PRINTED = {"sec", "min", "hour", "day"};
  private static final int[] SECONDS = {1, 60, 3600, 86_400};

  /** Returns the seconds of the unit that a rate was written with. */
  static int seconds(OptionValues options, OptionValues.Given given) {
    return SECONDS[unit(options, given)];
  }

  private static int unit(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    int slash = text.indexOf('/');
    if (slash < 0) {
      return 0;
    }
    String unit = Ascii.toLowerCase(text.substring(slash + 1));
    for (int i = 0; i < READ.length; i++) {
      if (!unit.isEmpty() && READ[i].startsWith(unit)) {
        return i;
      }
    }
    throw options.error(
        given, "\"" + text + "\"", "a rate per second, minute, hour or day, such as 5/sec");
  }

  /** Returns the time between two packets of the rate that an option was given. */
  long period(OptionValues options, OptionValues.Given given) {
    int seconds = seconds(options, given);
    long rate = leadingNumber(given.value());
    if (rate <= 0 || rate > scale * seconds) {
      throw options.error(
          given, "\"" + given.value() + "\"", "a rate of 1/day to " + scale + "/sec");
    }
    return scale * seconds / rate;
  }

  /** Returns the decimal number that a text starts with, 0 if there is none. */
  static long leadingNumber(String text) {
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || number > Long.MAX_VALUE / 100) {
        break;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }

  /** Returns the seconds of the unit in which a period is printed. */
  int secondsPrinted(long period) {
    return SECONDS[unitPrinted(period)];
  }

  private int unitPrinted(long period) {
    for (int i = READ.length - 2; i >= 0; i--) {
      long unit = scale * SECONDS[i];
      if (period > unit || unit / period < unit % period) {
        return i + 1;
      }
    }
    return 0;
  }

  String toText(long period) {
    int unit = unitPrinted(period);
    return scale * SECONDS[unit] / period + "/" + PRINTED[unit];
  }
}
