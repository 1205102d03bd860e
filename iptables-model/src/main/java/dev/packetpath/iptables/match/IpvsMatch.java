package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.packet.IpvsInfo;
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
 * {@code -m ipvs}: whether ip_vs handled the packet, and what connection of it the packet has.
 *
 * <p>Source: net/netfilter/xt_ipvs.c, Linux 6.1; iptables 1.8.9, libxt_ipvs.c.
 *
 * @param inverted whether packets that ip_vs did not handle are asked for; never so with tests
 * @param tests what else is asked, in the order that iptables-save prints; if there is any, {@code
 *     --ipvs} goes without saying
 */
public record IpvsMatch(boolean inverted, ImmutableList<IpvsTest> tests) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("ipvs")
          .option(OptionSpec.flag("--ipvs").orInverted())
          .option(OptionSpec.value("--vproto").orInverted())
          .option(OptionSpec.value("--vaddr").orInverted())
          .option(OptionSpec.value("--vport").orInverted())
          .option(OptionSpec.value("--vdir"))
          .option(OptionSpec.value("--vmethod").orInverted())
          .option(OptionSpec.value("--vportctl").orInverted())
          .readBy(IpvsMatch::read);

  private static IpvsMatch read(OptionValues options) {
    if (options.all().isEmpty()) {
      throw options.missing("at least one option");
    }
    ImmutableList.Builder<IpvsTest> tests = ImmutableList.builder();
    options
        .get("--vproto")
        .map(given -> new IpvsTest.Protocol(options.protocol(given), given.inverted()))
        .ifPresent(tests::add);
    options
        .get("--vaddr")
        .map(given -> new IpvsTest.Address(HostMask.read(options, given), given.inverted()))
        .ifPresent(tests::add);
    options
        .get("--vport")
        .map(given -> new IpvsTest.Port(port(options, given), given.inverted()))
        .ifPresent(tests::add);
    options
        .get("--vdir")
        .map(given -> new IpvsTest.Way(isReply(options, given)))
        .ifPresent(tests::add);
    options
        .get("--vmethod")
        .map(given -> new IpvsTest.Forwarding(method(options, given), given.inverted()))
        .ifPresent(tests::add);
    options
        .get("--vportctl")
        .map(given -> new IpvsTest.ControlPort(port(options, given), given.inverted()))
        .ifPresent(tests::add);
    IpvsMatch match = new IpvsMatch(options.inverted("--ipvs"), tests.build());
    if (match.inverted && !match.tests.isEmpty()) {
      throw options.error(
          options.require("--ipvs"), "! --ipvs beside other options", "only one of the two");
    }
    return match;
  }

  private static int port(OptionValues options, OptionValues.Given given) {
    return Ports.resolve(options, given, given.value());
  }

  private static boolean isReply(OptionValues options, OptionValues.Given given) {
    if (Ascii.equalsIgnoreCase(given.value(), "REPLY")) {
      return true;
    }
    if (Ascii.equalsIgnoreCase(given.value(), "ORIGINAL")) {
      return false;
    }
    throw options.error(given, "\"" + given.value() + "\"", "ORIGINAL or REPLY");
  }

  private static IpvsInfo.Method method(OptionValues options, OptionValues.Given given) {
    return switch (Ascii.toUpperCase(given.value())) {
      case "GATE" -> IpvsInfo.Method.DIRECT_ROUTING;
      case "IPIP" -> IpvsInfo.Method.TUNNEL;
      case "MASQ" -> IpvsInfo.Method.MASQUERADE;
      default -> throw options.error(given, "\"" + given.value() + "\"", "GATE, IPIP or MASQ");
    };
  }

  @Override
  public String name() {
    return "ipvs";
  }

  @Override
  public void print(OptionPrinter out) {
    if (tests.isEmpty()) {
      out.option(inverted, "--ipvs");
    }
    tests.forEach(test -> test.print(out));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(test(packet));
  }

  private boolean test(Packet packet) {
    IpvsInfo info = packet.attachment(IpvsInfo.OF_PACKET);
    if (tests.isEmpty()) {
      return info.property() != inverted;
    }
    if (!info.property() || !info.isFoundFor(packet)) {
      return false;
    }
    for (int i = 0; i < tests.size(); i++) {
      if (!tests.get(i).holds(packet, info)) {
        return false;
      }
    }
    return true;
  }
}
