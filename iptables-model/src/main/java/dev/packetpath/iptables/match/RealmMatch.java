package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
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
 * {@code -m realm}: the realm of the route. All routes are taken to be in realm 0, as they are
 * unless set so.
 *
 * <p>Source: net/netfilter/xt_realm.c, Linux 6.1.
 *
 * @param realm the realm and the bits that count
 */
public record RealmMatch(NamedBits realm) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("realm")
          .only(IpFamily.IPV4)
          .option(OptionSpec.value("--realm").orInverted())
          .readBy(RealmMatch::read);

  private static final String REALM_0 = "cosmos";

  private static RealmMatch read(OptionValues options) {
    return new RealmMatch(NamedBits.read(options, options.require("--realm"), REALM_0));
  }

  @Override
  public String name() {
    return "realm";
  }

  @Override
  public void print(OptionPrinter out) {
    realm.print(out, "--realm", REALM_0);
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return !place.hooks().contains(Hook.PREROUTING)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "-m realm reached from PREROUTING",
                "it reached from the other chains, where the route is known"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    MatchResult result = MatchResult.of((realm.value() == 0) != realm.inverted());
    return (packet, state) -> result;
  }
}
