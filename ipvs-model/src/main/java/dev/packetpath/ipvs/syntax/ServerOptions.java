package dev.packetpath.ipvs.syntax;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.syntax.Endpoints.Endpoint;
import dev.packetpath.ipvs.syntax.IpvsadmLine.Argument;

/** Reads the server of a line that adds, edits or deletes one. */
final class ServerOptions {
  private static final int BROADCAST = 0xffff_ffff;

  private final IpvsadmLine line;
  private final Argument named;
  private final Endpoint endpoint;

  private ServerOptions(IpvsadmLine line) {
    this.line = line;
    Argument server = line.argument(IpvsadmOption.SERVER);
    if (server == null) {
      throw line.error(line.endColumn(), "no server", "-r");
    }
    this.named = server;
    this.endpoint = line.at(server, () -> Endpoints.parse(server.text(), protocol(line, server)));
  }

  /** Returns the protocol whose ports are named, 0 if the service is not known so far. */
  private static int protocol(IpvsadmLine line, Argument server) {
    if (line.keyColumn() > server.column()) {
      return 0;
    }
    return line.key() instanceof ServiceKey.Virtual virtual ? virtual.protocol() : IpProtocol.TCP;
  }

  /** Returns the server that a line adds, or what it makes of one. */
  static ServerSpec read(IpvsadmLine line) {
    return new ServerOptions(line).read();
  }

  /** Returns the address and port of the server that a line deletes. */
  static ServerSpec name(IpvsadmLine line) {
    ServerOptions options = new ServerOptions(line);
    return ServerSpec.builder(options.endpoint.address(), options.port(Method.MASQUERADE)).build();
  }

  private ServerSpec read() {
    Method method = method();
    IpFamily family = line.key().family();
    IpAddress address = endpoint.address();
    if (address.family() != family && method != Method.TUNNEL) {
      throw line.error(
          named.column(),
          "server " + address + " of another family than its service",
          "an " + (family == IpFamily.IPV4 ? "IPv4" : "IPv6") + " address, or -i");
    }
    if (!isUnicast(address)) {
      throw line.error(named.column(), "server " + address, "the address of one host");
    }
    ServerSpec.Builder server = ServerSpec.builder(address, port(method)).method(method);
    server.tunnel(TunnelOptions.read(line));
    Argument weight = line.argument(IpvsadmOption.WEIGHT);
    if (weight != null) {
      server.weight(line.number(weight, ServerSpec.MAX_WEIGHT));
    }
    readThresholds(server);
    return server.build();
  }

  /** Of the kernel's refusals those that are the same on each host: not a subnet's broadcasts. */
  private static boolean isUnicast(IpAddress address) {
    if (address.isMulticast()) {
      return false;
    }
    if (address.family() == IpFamily.IPV4) {
      return address.ipv4Bits() >>> 24 != 0 && address.ipv4Bits() != BROADCAST;
    }
    return !address.isAny() && !address.isLinkLocal();
  }

  /** Unless they are masqueraded, packets keep the port of the service. */
  private int port(Method method) {
    if (line.key() instanceof ServiceKey.Virtual virtual) {
      boolean keeps = method != Method.MASQUERADE || endpoint.port() == Endpoints.NO_PORT;
      return keeps ? virtual.port() : endpoint.port();
    }
    return Math.max(0, endpoint.port());
  }

  private Method method() {
    if (line.has(IpvsadmOption.MASQUERADE)) {
      return Method.MASQUERADE;
    }
    return line.has(IpvsadmOption.TUNNEL) ? Method.TUNNEL : Method.DIRECT_ROUTING;
  }

  private void readThresholds(ServerSpec.Builder server) {
    Argument upper = line.argument(IpvsadmOption.UPPER);
    Argument lower = line.argument(IpvsadmOption.LOWER);
    int most = upper == null ? 0 : line.number(upper, Integer.MAX_VALUE);
    int least = lower == null ? 0 : line.number(lower, Integer.MAX_VALUE);
    Argument last = lower == null ? upper : lower;
    if (last != null) {
      line.at(last, () -> server.thresholds(most, least));
    }
  }

  /** Returns where a line names its server. */
  static int column(IpvsadmLine line) {
    Argument server = line.argument(IpvsadmOption.SERVER);
    return server == null ? line.endColumn() : server.column();
  }
}
