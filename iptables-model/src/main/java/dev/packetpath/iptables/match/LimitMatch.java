package dev.packetpath.iptables.match;

import dev.packetpath.core.HookState;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Jiffies;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m limit}: a token bucket for the whole rule. It is full when the table is loaded.
 *
 * <p>Source: net/netfilter/xt_limit.c, Linux 6.1, with its 32-bit arithmetic; iptables 1.8.9,
 * libxt_limit.c.
 *
 * @param period the time between two packets in units of 100 µs, unsigned
 * @param burst how many packets a full bucket lets through at once, 0 to 10000
 */
public record LimitMatch(int period, int burst) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("limit")
          .option(OptionSpec.value("--limit"))
          .option(OptionSpec.value("--limit-burst"))
          .readBy(LimitMatch::read);

  private static final int SCALE = 10_000;
  private static final RateText RATES = new RateText(SCALE);
  private static final int DEFAULT_PERIOD = 3600 * SCALE / 3;
  private static final int DEFAULT_BURST = 5;

  /** The largest power of two with which a day still fits 32 bits. */
  private static final int CREDITS_PER_JIFFY = 128;

  private static LimitMatch read(OptionValues options) {
    int period =
        options
            .get("--limit")
            .map(given -> (int) RATES.period(options, given))
            .orElse(DEFAULT_PERIOD);
    return new LimitMatch(period, (int) options.number("--limit-burst", 0, 10_000, DEFAULT_BURST));
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "limit";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--limit", RATES.toText(Integer.toUnsignedLong(period)));
    if (burst != DEFAULT_BURST) {
      out.option("--limit-burst", Integer.toString(burst));
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    boolean overflow = Integer.compareUnsigned(credits(period * burst), credits(period)) < 0;
    return burst == 0 || overflow
        ? Optional.of(
            new Refusal(
                "burst " + burst + " at " + RATES.toText(Integer.toUnsignedLong(period)),
                "a burst of at least 1 whose tokens fit 32 bits"))
        : Optional.empty();
  }

  private static int credits(int time) {
    int perSecond = Jiffies.HZ * CREDITS_PER_JIFFY;
    return Integer.compareUnsigned(time, Integer.divideUnsigned(-1, perSecond)) > 0
        ? Integer.divideUnsigned(time, SCALE) * perSecond
        : Integer.divideUnsigned(time * perSecond, SCALE);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return new Bucket(this, context.host().clock());
  }

  /** The tokens of one rule. */
  private static final class Bucket implements MatchFunction {
    private final VirtualClock clock;
    private final int cost;
    private final int full;
    private int credit;
    private long filledAt;

    Bucket(LimitMatch limit, VirtualClock clock) {
      this.clock = clock;
      this.cost = credits(limit.period);
      this.full = credits(limit.period * limit.burst);
      this.credit = full;
      this.filledAt = Jiffies.now(clock);
    }

    @Override
    public MatchResult test(Packet packet, HookState state) {
      long now = Jiffies.now(clock);
      int filled = credit + (int) (now - filledAt) * CREDITS_PER_JIFFY;
      filledAt = now;
      if (Integer.compareUnsigned(filled, full) > 0) {
        filled = full;
      }
      boolean enough = Integer.compareUnsigned(filled, cost) >= 0;
      credit = enough ? filled - cost : filled;
      return MatchResult.of(enough);
    }
  }
}
