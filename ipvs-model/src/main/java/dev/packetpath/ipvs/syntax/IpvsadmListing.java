package dev.packetpath.ipvs.syntax;

import com.google.common.base.Strings;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.ProtocolName;
import dev.packetpath.ipvs.RealServer;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import dev.packetpath.ipvs.Traffic;
import dev.packetpath.ipvs.VirtualService;
import java.io.IOException;
import java.util.List;

/** Lists services, traffic and connections as {@code ipvsadm -L -n} does (ipvsadm 1.31). */
public final class IpvsadmListing {
  private static final int NAME_WIDTH = 33;
  private static final int NUMBER_WIDTH = 9;
  private static final long[] UNITS = {1_000, 1_000_000, 1_000_000_000, 1_000_000_000_000L};

  private IpvsadmListing() {}

  /**
   * Writes {@code ipvsadm -L -n}.
   *
   * @throws IOException if {@code out} fails
   */
  public static void services(Ipvs ipvs, Appendable out) throws IOException {
    title(ipvs, out);
    out.append("Prot LocalAddress:Port Scheduler Flags\n");
    out.append("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
    for (VirtualService service : sorted(ipvs)) {
      out.append(name(service.key())).append(' ').append(service.spec().scheduler());
      out.append(options(service.spec())).append('\n');
      for (RealServer server : sorted(service)) {
        out.append(serverName(server)).append(' ');
        out.append(padded(method(server.method()), 7)).append(' ');
        out.append(padded(Integer.toString(server.weight()), 6)).append(' ');
        out.append(padded(Integer.toString(server.activeConnections()), 10)).append(' ');
        out.append(padded(Integer.toString(server.inactiveConnections()), 10)).append('\n');
      }
    }
  }

  /**
   * Writes {@code ipvsadm -L -n --stats}.
   *
   * @throws IOException if {@code out} fails
   */
  public static void stats(Ipvs ipvs, Appendable out) throws IOException {
    title(ipvs, out);
    out.append("Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes\n");
    out.append("  -> RemoteAddress:Port\n");
    for (VirtualService service : sorted(ipvs)) {
      out.append(padded(name(service.key()), NAME_WIDTH));
      traffic(service.traffic(), out);
      for (RealServer server : sorted(service)) {
        out.append(serverName(server));
        traffic(server.traffic(), out);
      }
    }
  }

  /**
   * Writes {@code ipvsadm -L -c -n}: bucket by bucket, the newest of a bucket first.
   *
   * @param nowNs the time of the clock of {@code ipvs}
   * @throws IOException if {@code out} fails
   */
  public static void connections(Ipvs ipvs, long nowNs, Appendable out) throws IOException {
    out.append("IPVS connection entries\n");
    out.append("pro expire state       source             virtual            destination\n");
    for (IpvsConnection connection : ipvs.connectionsByBucket()) {
      long seconds = connection.expiresInSeconds(nowNs);
      out.append(padded(ProtocolName.of(connection.protocol()), 3)).append(' ');
      out.append(twoDigits(seconds / 60)).append(':').append(twoDigits(seconds % 60));
      out.append("  ").append(padded(connection.stateName(), 11)).append(' ');
      out.append(padded(connection.clientAddress().withPort(connection.clientPort()), 18));
      out.append(' ');
      out.append(padded(connection.virtualAddress().withPort(connection.virtualPort()), 18));
      out.append(' ');
      out.append(connection.serverAddress().withPort(connection.serverPort()));
      out.append('\n');
    }
  }

  private static void title(Ipvs ipvs, Appendable out) throws IOException {
    out.append("IP Virtual Server version 1.2.1 (size=");
    out.append(Integer.toString(ipvs.tableSize())).append(")\n");
  }

  private static List<VirtualService> sorted(Ipvs ipvs) {
    return IpvsadmOrder.byService(ipvs.services(), VirtualService::key);
  }

  private static List<RealServer> sorted(VirtualService service) {
    return IpvsadmOrder.byServer(service.servers(), RealServer::address, RealServer::port);
  }

  private static String name(ServiceKey key) {
    if (key instanceof ServiceKey.Virtual virtual) {
      return padded(ProtocolName.of(virtual.protocol()), 4)
          + ' '
          + virtual.address().withPort(virtual.port());
    }
    String family = key.family().bits() == 128 ? " IPv6" : "";
    return "FWM  " + ((ServiceKey.Marked) key).mark() + family;
  }

  private static String serverName(RealServer server) {
    return "  -> " + padded(server.address().withPort(server.port()), 28);
  }

  private static String options(ServiceSpec service) {
    StringBuilder text = new StringBuilder();
    if (!service.flags().isEmpty()) {
      text.append(" (").append(IpvsadmPrinter.flags(service)).append(')');
    }
    service
        .persistence()
        .ifPresent(
            persistence -> {
              text.append(" persistent ").append(persistence.timeoutSeconds());
              String mask = IpvsadmPrinter.mask(service.key().family(), persistence);
              text.append(mask.isEmpty() ? "" : " mask " + mask);
            });
    return text.append(service.onePacket() ? " ops" : "").toString();
  }

  private static String method(Method method) {
    return switch (method) {
      case MASQUERADE -> "Masq";
      case LOCAL_NODE -> "Local";
      case TUNNEL -> "Tunnel";
      case DIRECT_ROUTING -> "Route";
      case BYPASS -> "Bypass";
    };
  }

  private static void traffic(Traffic traffic, Appendable out) throws IOException {
    out.append(number(traffic.connections()));
    out.append(number(traffic.inPackets())).append(number(traffic.outPackets()));
    out.append(number(traffic.inBytes())).append(number(traffic.outBytes())).append('\n');
  }

  /** Numbers of more than eight digits are cut to thousands, millions and so on. */
  private static String number(long count) {
    String text = Long.toString(count);
    for (int i = 0; text.length() >= NUMBER_WIDTH && i < UNITS.length; i++) {
      text = count / UNITS[i] + "KMGT".substring(i, i + 1);
      if (text.length() < NUMBER_WIDTH) {
        break;
      }
    }
    return Strings.padStart(text, NUMBER_WIDTH, ' ');
  }

  private static String twoDigits(long number) {
    return Strings.padStart(Long.toString(number), 2, '0');
  }

  private static String padded(String text, int width) {
    return Strings.padEnd(text, width, ' ');
  }
}
