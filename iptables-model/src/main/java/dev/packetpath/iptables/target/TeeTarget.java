package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -j TEE}: sends a copy of the packet to a gateway, then goes on with the next rule. The
 * copy is untracked and passes OUTPUT and POSTROUTING, where another TEE leaves it alone.
 *
 * <p>Source: net/netfilter/xt_TEE.c, nf_dup_ipv4.c and nf_dup_ipv6.c, Linux 6.1; iptables 1.8.9,
 * libxt_TEE.c.
 *
 * @param gateway where the copy goes
 * @param out the device it must leave by, "" for any
 */
public record TeeTarget(IpAddress gateway, String out) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("TEE")
          .option(OptionSpec.value("--gateway"))
          .option(OptionSpec.value("--oif"))
          .readBy(TeeTarget::read);

  private static TeeTarget read(OptionValues options) {
    OptionValues.Given given = options.require("--gateway");
    IpAddress gateway = options.host(given, given.value());
    if (gateway.isAny()) {
      throw options.error(given, "\"" + given.value() + "\"", "the address of a neighbour");
    }
    String out = options.value("--oif", "");
    return new TeeTarget(
        gateway,
        out.length() > Device.MAX_NAME_LENGTH ? out.substring(0, Device.MAX_NAME_LENGTH) : out);
  }

  @Override
  public String name() {
    return "TEE";
  }

  @Override
  public void print(OptionPrinter printer) {
    printer.option("--gateway", gateway.toString());
    if (!out.isEmpty()) {
      printer.option("--oif", out);
    }
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    Copier copier = context.shared(Copier.class, "", () -> new Copier(context.host()));
    return (packet, state) -> {
      copier.copy(this, packet, state);
      return TargetResult.CONTINUE;
    };
  }

  /** Copies packets, one at a time: a copy is not copied again. */
  private static final class Copier {
    private final Host host;
    private boolean copying;

    Copier(Host host) {
      this.host = host;
    }

    void copy(TeeTarget target, Packet packet, HookState state) {
      if (copying) {
        return;
      }
      Device device = target.out.isEmpty() ? Device.NONE : host.network().device(target.out);
      Route route =
          host.network()
              .route(
                  new RouteQuery(
                      target.gateway,
                      IpAddress.any(packet.family()),
                      packet.tos(),
                      0,
                      Device.NONE,
                      device));
      if (!route.isUsable()) {
        return;
      }
      Packet copy = packet.copy();
      copy.clearAttachments();
      copy.pieces(copy.pieces().ofCopy());
      copy.ownerUid(Packet.NO_OWNER).ownerGid(Packet.NO_OWNER).ofKernelSocket(false);
      PacketConnection.untrack(copy);
      copy.dontFragment(copy.dontFragment() || copy.family() == IpFamily.IPV4);
      if (state.hook() == Hook.PREROUTING || state.hook() == Hook.INPUT) {
        copy.ttl(copy.ttl() - 1);
      }
      copying = true;
      host.sendCopy(copy, deviceOf(state), route, "TEE");
      copying = false;
    }

    /** Returns {@code skb->dev}, which in POSTROUTING is the device that the packet leaves by. */
    private static Device deviceOf(HookState state) {
      return state.hook() == Hook.POSTROUTING ? state.out() : state.in();
    }
  }
}
