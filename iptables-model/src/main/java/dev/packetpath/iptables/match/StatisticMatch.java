package dev.packetpath.iptables.match;

import com.google.common.primitives.UnsignedInts;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchForm;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m statistic}: a share of the packets, by chance or by counting.
 *
 * <p>Source: net/netfilter/xt_statistic.c, Linux 6.1; iptables 1.8.9, libxt_statistic.c.
 */
public sealed interface StatisticMatch extends Match {
  /** How it is written. */
  ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("statistic")
          .option(OptionSpec.value("--mode"))
          .option(OptionSpec.value("--probability").orInverted())
          .option(OptionSpec.value("--every").orInverted())
          .option(OptionSpec.value("--packet"))
          .readBy(StatisticMatch::read);

  private static StatisticMatch read(OptionValues options) {
    OptionValues.Given mode = options.require("--mode");
    options.atMostOne("--probability", "--every");
    options.atMostOne("--probability", "--packet");
    return switch (mode.value()) {
      case "random" -> {
        OptionValues.Given given = options.require("--probability");
        yield new Random(Probability.threshold(options, given), given.inverted());
      }
      case "nth" -> {
        OptionValues.Given every = options.require("--every");
        long number = options.number(every, every.value(), 1, 0xffff_ffffL);
        OptionValues.Given packet = options.require("--packet");
        long index = options.number(packet, packet.value(), 0, number - 1);
        yield new Nth((int) number, (int) index, every.inverted());
      }
      default -> throw options.error(mode, "\"" + mode.value() + "\"", "random or nth");
    };
  }

  @Override
  default String name() {
    return "statistic";
  }

  /**
   * Holds if 31 random bits are below a threshold.
   *
   * @param threshold the probability in units of 2<sup>-31</sup>, 0 to {@link
   *     Decisions#CHANCE_SCALE}
   * @param inverted whether the sense is reversed
   */
  record Random(long threshold, boolean inverted) implements StatisticMatch {
    @Override
    public void print(OptionPrinter out) {
      out.option("--mode", "random")
          .option(inverted, "--probability", Probability.toText(threshold));
    }

    @Override
    public MatchForm form() {
      return new MatchForm.Chance(threshold, inverted);
    }

    @Override
    public MatchFunction compile(CompileContext context) {
      Decisions decisions = context.host().decisions();
      long site = context.site();
      return (packet, state) -> MatchResult.of(decisions.chance(threshold, site) != inverted);
    }
  }

  /**
   * Holds once in so many evaluations; the counter starts anew with each load of the table.
   *
   * @param every after how many evaluations it holds again, unsigned, at least 1
   * @param packet which of them, from 0, below {@code every}
   * @param inverted whether the sense is reversed
   */
  record Nth(int every, int packet, boolean inverted) implements StatisticMatch {
    @Override
    public void print(OptionPrinter out) {
      out.option("--mode", "nth")
          .option(inverted, "--every", UnsignedInts.toString(every))
          .option("--packet", UnsignedInts.toString(packet));
    }

    @Override
    public boolean sharesState() {
      return true;
    }

    @Override
    public MatchFunction compile(CompileContext context) {
      return new NthCounter(this);
    }
  }

  /** Counts the evaluations until the next that holds. */
  final class NthCounter implements MatchFunction {
    private final boolean inverted;
    private final long every;
    private long untilNext;

    private NthCounter(Nth nth) {
      this.inverted = nth.inverted();
      this.every = UnsignedInts.toLong(nth.every());
      this.untilNext = UnsignedInts.toLong(nth.packet());
    }

    @Override
    public MatchResult test(Packet packet, HookState state) {
      boolean now = untilNext == 0;
      untilNext = (now ? every : untilNext) - 1;
      return MatchResult.of(now != inverted);
    }
  }
}
