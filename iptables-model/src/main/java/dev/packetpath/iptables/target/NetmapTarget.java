package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -j NETMAP}: another network part, the rest of the address kept; of the destination at
 * PREROUTING and OUTPUT, of the source at POSTROUTING and INPUT.
 *
 * <p>Source: net/netfilter/xt_NETMAP.c, Linux 6.1; iptables 1.8.9, libxt_NETMAP.c.
 *
 * @param network the new network
 */
public record NetmapTarget(IpPrefix network) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("NETMAP")
          .option(OptionSpec.value("--to"))
          .readBy(NetmapTarget::read);

  private static final Placement PLACEMENT =
      Placement.in(TableName.NAT).at(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING);

  private static NetmapTarget read(OptionValues options) {
    OptionValues.Given given = options.require("--to");
    String text = given.value();
    int slash = text.indexOf('/');
    IpAddress address = options.host(given, slash < 0 ? text : text.substring(0, slash));
    int length =
        slash < 0 ? options.family().bits() : length(options, given, text.substring(slash + 1));
    return new NetmapTarget(IpPrefix.of(address, length));
  }

  /**
   * As the real tool, takes a mask with holes and an IPv4 length above 32 for the whole address.
   */
  private static int length(OptionValues options, OptionValues.Given given, String text) {
    IpFamily family = options.family();
    if (text.indexOf('.') >= 0 || text.indexOf(':') >= 0) {
      IpAddress mask = options.host(given, text);
      int length = AddressMask.of(mask, mask).prefixLength();
      return length < 0 ? family.bits() : length;
    }
    long max = family == IpFamily.IPV4 ? 0xffff_ffffL : family.bits();
    long length = Numbers.parse(text);
    if (length < 0 || length > max) {
      throw options.error(
          given, "\"" + text + "\"", "a mask or a prefix length 0 to " + family.bits());
    }
    return (int) Math.min(length, family.bits());
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "NETMAP";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--to", network.toString());
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    Nat nat = context.nat();
    return (packet, state) ->
        TargetResult.of(nat.netmap(packet, network.address(), network.length(), state));
  }
}
