package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.MacAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
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
 * {@code -m mac}: the Ethernet source. A packet without an Ethernet header never matches, inverted
 * or not.
 *
 * <p>Source: net/netfilter/xt_mac.c, Linux 6.1.
 *
 * @param source the address
 * @param inverted whether the sense is reversed
 */
public record MacMatch(MacAddress source, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("mac")
          .option(OptionSpec.value("--mac-source").orInverted())
          .readBy(MacMatch::read);

  private static MacMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--mac-source");
    if (!given.value().matches("\\p{XDigit}{1,2}(:\\p{XDigit}{1,2}){5}")) {
      throw options.error(given, "\"" + given.value() + "\"", "six hexadecimal bytes with colons");
    }
    return new MacMatch(MacAddress.parse(given.value()), given.inverted());
  }

  @Override
  public String name() {
    return "mac";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--mac-source", source.toString());
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return place.onlyFrom(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "-m mac reached from OUTPUT or POSTROUTING",
                "it reached from PREROUTING, INPUT and FORWARD alone"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) ->
        MatchResult.of(
            packet.sourceMac() != Packet.NO_MAC
                && state.in().exists()
                && !state.in().loopback()
                && (packet.sourceMac() == source.bits()) != inverted);
  }
}
