package dev.packetpath.iptables.target;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.match.Ports;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.MarkValue;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -j TPROXY}: hands the packet to a local transparent proxy. The model has no sockets and so
 * knows of no proxy: the packet is dropped, as by a kernel where nobody listens.
 *
 * <p>Source: net/netfilter/xt_TPROXY.c, Linux 6.1; iptables 1.8.9, libxt_TPROXY.c.
 *
 * @param port the port of the proxy, 0 for the packet's own
 * @param address the address of the proxy, the unspecified address for that of the device
 * @param mark the mark that a packet gets that a proxy takes
 */
public record TproxyTarget(int port, IpAddress address, MarkValue mark) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("TPROXY")
          .option(OptionSpec.value("--on-port"))
          .option(OptionSpec.value("--on-ip"))
          .option(OptionSpec.value("--tproxy-mark"))
          .readBy(TproxyTarget::read);

  private static final Placement PLACEMENT =
      Placement.in(TableName.MANGLE)
          .at(Hook.PREROUTING)
          .forProtocols(IpProtocol.TCP, IpProtocol.UDP);
  private static final MarkValue NO_MARK = new MarkValue(0, 0);

  private static TproxyTarget read(OptionValues options) {
    return new TproxyTarget(
        port(options, options.require("--on-port")),
        options
            .get("--on-ip")
            .map(given -> options.host(given, given.value()))
            .orElse(IpAddress.any(options.family())),
        options.get("--tproxy-mark").map(given -> MarkValue.read(options, given)).orElse(NO_MARK));
  }

  private static int port(OptionValues options, OptionValues.Given given) {
    return Ports.resolve(options, given, given.value());
  }

  @Override
  public String name() {
    return "TPROXY";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--on-port", Integer.toString(port));
    out.option("--on-ip", address.toString());
    out.option("--tproxy-mark", Numbers.hex(mark.value()) + "/" + Numbers.hex(mark.mask()));
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> TargetResult.DROP;
  }
}
