package dev.packetpath.iptables.match;

import com.google.common.primitives.UnsignedInts;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rate of {@code -m hashlimit}, in packets or in bytes.
 *
 * <p>Source: iptables 1.8.9, libxt_hashlimit.c; net/netfilter/xt_hashlimit.c, Linux 6.1.
 *
 * @param above whether packets over the rate match, and not those under it
 * @param bytes whether bytes are counted, in units of 16
 * @param period packets: the time between two in µs; bytes: 2<sup>32</sup> over the units a second
 * @param burst packets: how many a full bucket lets through; bytes: how often it is filled at once
 * @param interval with {@code --hashlimit-rate-match}, the seconds over which packets are counted;
 *     otherwise 0
 */
public record HashlimitRate(boolean above, boolean bytes, long period, long burst, int interval) {
  /** Packet rates, in µs. */
  static final RateText PACKETS = new RateText(1_000_000);

  private static final long MAX_UINT32 = 0xffff_ffffL;
  private static final int UNIT_SHIFT = 4;
  private static final int DEFAULT_BURST = 5;
  private static final int MAX_PACKET_BURST = 1_000_000;
  private static final int BYTE_EXPIRE_SECONDS = 15;
  private static final int BYTE_BURST_EXPIRE_SECONDS = 60;
  private static final Pattern BURST = Pattern.compile("(0[xX][0-9a-fA-F]+|[0-9]+)(.*)");
  private static final String[] PREFIXES = {"m", "k", ""};
  private static final long[] FACTORS = {1 << 20, 1 << 10, 1};

  static HashlimitRate read(OptionValues options) {
    OptionValues.Given given = options.exactlyOne("--hashlimit-upto", "--hashlimit-above");
    boolean above = given.option().name().equals("--hashlimit-above") != given.inverted();
    boolean matching = options.has("--hashlimit-rate-match");
    long interval = options.number("--hashlimit-rate-interval", 1, MAX_UINT32, 0);
    if (given.value().contains("b/s")) {
      long period = bytePeriod(options, given);
      return new HashlimitRate(
          above, true, period, byteBurst(options, period), matching ? orElse(interval, 1) : 0);
    }
    int seconds = RateText.seconds(options, given);
    long period = PACKETS.period(options, given);
    return new HashlimitRate(
        above,
        false,
        matching ? period / seconds : period,
        packetBurst(options),
        matching ? orElse(interval, seconds) : 0);
  }

  private static int orElse(long given, int absent) {
    return given == 0 ? absent : (int) given;
  }

  /** Returns the milliseconds that an unused key is kept if no rule says so. */
  static long defaultExpireMs(OptionValues options) {
    OptionValues.Given given = options.exactlyOne("--hashlimit-upto", "--hashlimit-above");
    if (given.value().contains("b/s")) {
      boolean burst = options.has("--hashlimit-burst");
      return 1000L * (burst ? BYTE_BURST_EXPIRE_SECONDS : BYTE_EXPIRE_SECONDS);
    }
    return 1000L * RateText.seconds(options, given);
  }

  /** Returns the milliseconds that iptables-save does not print. */
  long unprintedExpireMs() {
    if (bytes) {
      return 1000L * (burst != 0 ? BYTE_BURST_EXPIRE_SECONDS : BYTE_EXPIRE_SECONDS);
    }
    return 1000L * PACKETS.secondsPrinted(period);
  }

  private static long bytePeriod(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    int unit = text.indexOf("b/s");
    long number = RateText.leadingNumber(text);
    if (number == 0) {
      throw options.error(given, "\"" + text + "\"", "a rate in bytes such as 100kb/s");
    }
    char prefix = unit == 0 ? ' ' : text.charAt(unit - 1);
    return periodOf(number * factor(prefix));
  }

  private static long factor(char prefix) {
    return switch (prefix) {
      case 'm' -> 1 << 20;
      case 'k' -> 1 << 10;
      default -> 1;
    };
  }

  private static long periodOf(long bytesPerSecond) {
    return MAX_UINT32 / (((bytesPerSecond >>> UNIT_SHIFT) & MAX_UINT32) + 1);
  }

  /** Returns the bytes a second that a byte period stands for. */
  private static long bytesPerSecond(long period) {
    return ((period == 0 ? MAX_UINT32 : MAX_UINT32 / period) - 1) << UNIT_SHIFT;
  }

  private static long packetBurst(OptionValues options) {
    Optional<OptionValues.Given> given = options.get("--hashlimit-burst");
    if (given.isEmpty()) {
      return DEFAULT_BURST;
    }
    long burst = burst(options, given.get());
    if (Long.compareUnsigned(burst, MAX_PACKET_BURST) > 0) {
      throw badBurst(options, given.get());
    }
    return burst;
  }

  private static RuntimeException badBurst(OptionValues options, OptionValues.Given given) {
    return options.error(given, "\"" + given.value() + "\"", "a number 1 to " + MAX_PACKET_BURST);
  }

  private static long byteBurst(OptionValues options, long period) {
    Optional<OptionValues.Given> given = options.get("--hashlimit-burst");
    if (given.isEmpty()) {
      return 0;
    }
    long burst = burst(options, given.get());
    long second = bytesPerSecond(period);
    if (second == 0 || Long.compareUnsigned(burst, second) < 0) {
      throw options.error(
          given.get(),
          "\"" + given.get().value() + "\"",
          "at least the " + second + "b of a second");
    }
    return (burst & MAX_UINT32) / second + (Long.remainderUnsigned(burst, second) == 0 ? 0 : 1);
  }

  /** A unit is told by its first letter alone, and a number without one is small even of bytes. */
  private static long burst(OptionValues options, OptionValues.Given given) {
    Matcher text = BURST.matcher(given.value());
    long number = text.matches() ? Numbers.parse(text.group(1)) : -1;
    if (number < 1 || (text.group(2).isEmpty() && number > MAX_PACKET_BURST)) {
      throw badBurst(options, given);
    }
    return text.group(2).isEmpty() ? number : number * factor(text.group(2).charAt(0));
  }

  void printRate(OptionPrinter out) {
    String option = above ? "--hashlimit-above" : "--hashlimit-upto";
    if (!bytes) {
      out.option(option, PACKETS.toText(period)).option("--hashlimit-burst", Long.toString(burst));
      return;
    }
    long rate = bytesPerSecond(period);
    out.option(option, bytesText(rate, true) + "b/s");
    if (burst != 0) {
      out.option("--hashlimit-burst", bytesText(rate * burst, false) + "b");
    }
  }

  /**
   * Returns bytes with the largest prefix that fits, of a rate only if it is read back the same.
   */
  private String bytesText(long number, boolean same) {
    int i = 0;
    while (i < FACTORS.length - 1
        && (number < FACTORS[i]
            || (same && periodOf(number & MAX_UINT32 & -FACTORS[i]) != period))) {
      i++;
    }
    return number / FACTORS[i] + PREFIXES[i];
  }

  void printMatching(OptionPrinter out) {
    if (interval != 0) {
      out.word("--hashlimit-rate-match");
      if (interval != 1) {
        out.option("--hashlimit-rate-interval", UnsignedInts.toString(interval));
      }
    }
  }

  /** Returns why the kernel refuses this rate, if it does. */
  Optional<Refusal> refusal() {
    OptionPrinter text = new OptionPrinter();
    boolean refused;
    if (interval != 0) {
      refused = period == 0;
    } else if (bytes) {
      refused = HashlimitEntry.byteCost(period) == 0;
    } else {
      long full = HashlimitEntry.packetCredits(period * burst);
      refused = Long.compareUnsigned(full, HashlimitEntry.packetCredits(period)) < 0;
    }
    if (!refused) {
      return Optional.empty();
    }
    if (period != 0) {
      printRate(text);
    }
    return Optional.of(new Refusal("a rate out of range: " + text, "another rate or burst"));
  }
}
