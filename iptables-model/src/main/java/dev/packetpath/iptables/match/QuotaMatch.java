package dev.packetpath.iptables.match;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m quota}: holds until so many bytes have passed; the first packet that does not fit uses
 * up the rest. Each load of the table starts it anew.
 *
 * <p>Source: net/netfilter/xt_quota.c, Linux 6.1.
 *
 * @param bytes how many, unsigned
 * @param inverted whether the sense is reversed
 */
public record QuotaMatch(long bytes, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("quota")
          .option(OptionSpec.value("--quota").orInverted())
          .readBy(QuotaMatch::read);

  private static QuotaMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--quota");
    return new QuotaMatch(options.unsignedLong(given, given.value()), given.inverted());
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "quota";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--quota", Long.toUnsignedString(bytes));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return new Remainder(bytes, inverted);
  }

  /** The bytes of one rule that are left. */
  private static final class Remainder implements MatchFunction {
    private final boolean inverted;
    private long left;

    Remainder(long bytes, boolean inverted) {
      this.left = bytes;
      this.inverted = inverted;
    }

    @Override
    public MatchResult test(Packet packet, HookState state) {
      int length = packet.length();
      boolean fits = Long.compareUnsigned(left, length) >= 0;
      left = fits ? left - length : 0;
      return MatchResult.of(fits != inverted);
    }
  }
}
