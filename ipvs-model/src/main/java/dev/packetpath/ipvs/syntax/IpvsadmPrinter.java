package dev.packetpath.ipvs.syntax;

import com.google.common.base.Ascii;
import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.Persistence;
import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import dev.packetpath.ipvs.Tunnel;
import dev.packetpath.ipvs.VirtualService;
import java.io.IOException;

/**
 * Prints services as {@code ipvsadm -S -n} does: sorted, and without thresholds (ipvsadm 1.31).
 * {@code ipvsadm -R} and {@link IpvsadmReader} take it.
 */
public final class IpvsadmPrinter {
  private IpvsadmPrinter() {}

  /**
   * Prints services with their servers.
   *
   * @throws IOException if {@code out} fails
   */
  public static void save(Iterable<ServiceEntry> services, Appendable out) throws IOException {
    for (ServiceEntry entry :
        IpvsadmOrder.byService(services, service -> service.service().key())) {
      String key = key(entry.service().key());
      out.append("-A ").append(key).append(options(entry.service())).append('\n');
      for (ServerSpec server : IpvsadmOrder.servers(entry.servers())) {
        out.append("-a ").append(key).append(" -r ");
        out.append(server.address().withPort(server.port()));
        out.append(method(server.method())).append(" -w ");
        out.append(Integer.toString(server.weight()));
        out.append(server.method() == Method.TUNNEL ? tunnel(server.tunnel()) : "").append('\n');
      }
    }
  }

  /** Returns the services that there are, as they would be restored. */
  public static ImmutableList<ServiceEntry> entries(Ipvs ipvs) {
    return ipvs.services().stream()
        .map(IpvsadmPrinter::entry)
        .collect(ImmutableList.toImmutableList());
  }

  private static ServiceEntry entry(VirtualService service) {
    ImmutableList<ServerSpec> servers =
        service.servers().reverse().stream()
            .map(IpvsadmPrinter::spec)
            .collect(ImmutableList.toImmutableList());
    return new ServiceEntry(service.spec(), servers);
  }

  private static ServerSpec spec(RealServer server) {
    return ServerSpec.builder(server.address(), server.port())
        .weight(server.weight())
        .method(server.method())
        .tunnel(server.tunnel())
        .thresholds(server.upperThreshold(), server.lowerThreshold())
        .build();
  }

  private static String key(ServiceKey key) {
    if (key instanceof ServiceKey.Virtual virtual) {
      String option =
          switch (virtual.protocol()) {
            case IpProtocol.TCP -> "-t ";
            case IpProtocol.UDP -> "-u ";
            default -> "--sctp-service ";
          };
      return option + virtual.address().withPort(virtual.port());
    }
    int mark = ((ServiceKey.Marked) key).mark();
    return "-f " + Integer.toUnsignedString(mark) + (key.family() == IpFamily.IPV6 ? " -6" : "");
  }

  private static String options(ServiceSpec service) {
    StringBuilder text = new StringBuilder(" -s ").append(service.scheduler());
    service
        .persistence()
        .ifPresent(
            persistence -> {
              text.append(" -p ").append(persistence.timeoutSeconds());
              String mask = mask(service.key().family(), persistence);
              text.append(mask.isEmpty() ? "" : " -M " + mask);
            });
    if (service.onePacket()) {
      text.append(" -o");
    }
    if (!service.flags().isEmpty()) {
      text.append(" -b ").append(flags(service));
    }
    return text.toString();
  }

  /** Returns the netmask as ipvsadm writes it, "" for that of single hosts. */
  static String mask(IpFamily family, Persistence persistence) {
    int length = persistence.prefixLength();
    if (length == family.bits()) {
      return "";
    }
    return family == IpFamily.IPV6
        ? Integer.toString(length)
        : IpAddress.ipv4((int) IpPrefix.maskLow(family, length)).toString();
  }

  static String flags(ServiceSpec service) {
    return Joiner.on(',')
        .join(
            service.flags().stream()
                .sorted()
                .map(flag -> flag.nameFor(service.scheduler()))
                .iterator());
  }

  private static String method(Method method) {
    return switch (method) {
      case MASQUERADE -> " -m";
      case TUNNEL -> " -i";
      default -> " -g";
    };
  }

  private static String tunnel(Tunnel tunnel) {
    String type = " --tun-type " + Ascii.toLowerCase(tunnel.type().name());
    if (tunnel.type() == Tunnel.Type.IPIP) {
      return type;
    }
    String port = tunnel.type() == Tunnel.Type.GUE ? " --tun-port " + tunnel.port() : "";
    return switch (tunnel.checksum()) {
      case NONE -> type + port + " --tun-nocsum";
      case OUTER -> type + port + " --tun-csum";
      case REMOTE -> type + port + " --tun-remcsum";
    };
  }
}
