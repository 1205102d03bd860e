package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m rpfilter}: whether an answer to the packet would leave by the device that the packet
 * came in by.
 *
 * <p>Source: net/ipv4/netfilter/ipt_rpfilter.c and net/ipv6/netfilter/ip6t_rpfilter.c, Linux 6.1.
 *
 * @param loose whether any device will do
 * @param validMark whether the packet mark takes part in routing
 * @param acceptLocal whether a source of this host is accepted
 * @param inverted whether the sense is reversed
 */
public record RpfilterMatch(boolean loose, boolean validMark, boolean acceptLocal, boolean inverted)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("rpfilter")
          .option(OptionSpec.flag("--loose"))
          .option(OptionSpec.flag("--validmark"))
          .option(OptionSpec.flag("--accept-local"))
          .option(OptionSpec.flag("--invert"))
          .readBy(RpfilterMatch::read);

  private static RpfilterMatch read(OptionValues options) {
    return new RpfilterMatch(
        options.has("--loose"),
        options.has("--validmark"),
        options.has("--accept-local"),
        options.has("--invert"));
  }

  @Override
  public String name() {
    return "rpfilter";
  }

  @Override
  public void print(OptionPrinter out) {
    flag(out, loose, "--loose");
    flag(out, validMark, "--validmark");
    flag(out, acceptLocal, "--accept-local");
    flag(out, inverted, "--invert");
  }

  private static void flag(OptionPrinter out, boolean given, String option) {
    if (given) {
      out.word(option);
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return (place.table() == TableName.RAW || place.table() == TableName.MANGLE)
            && place.onlyFrom(Hook.PREROUTING)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "-m rpfilter in table "
                    + place.table().text()
                    + " reached from "
                    + place.hooks()
                    + "",
                "it in raw or mangle, reached from PREROUTING alone"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    ReversePath path = new ReversePath(context.host().network(), loose, validMark, acceptLocal);
    return (packet, state) -> MatchResult.of(path.isRight(packet, state.in()) != inverted);
  }
}
