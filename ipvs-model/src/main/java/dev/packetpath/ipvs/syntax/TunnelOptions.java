package dev.packetpath.ipvs.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.ipvs.Tunnel;
import dev.packetpath.ipvs.syntax.IpvsadmLine.Argument;

/** Reads the tunnel of a line that adds or edits a server. */
final class TunnelOptions {
  private static final int MAX_PORT = 0xffff;

  private static final ImmutableList<IpvsadmOption> CHECKSUMS =
      ImmutableList.of(
          IpvsadmOption.TUNNEL_NO_CHECKSUM,
          IpvsadmOption.TUNNEL_CHECKSUM,
          IpvsadmOption.TUNNEL_REMOTE_CHECKSUM);

  private final IpvsadmLine line;
  private final Tunnel.Type type;

  private TunnelOptions(IpvsadmLine line) {
    this.line = line;
    this.type = type();
  }

  /** Returns the tunnel of a line, that of the tool's default if the line names none. */
  static Tunnel read(IpvsadmLine line) {
    TunnelOptions options = new TunnelOptions(line);
    return new Tunnel(options.type, options.port(), options.checksum());
  }

  private Tunnel.Type type() {
    Argument named = line.argument(IpvsadmOption.TUNNEL_TYPE);
    if (named == null) {
      return Tunnel.Type.IPIP;
    }
    Tunnel.Type found =
        switch (named.text()) {
          case "ipip" -> Tunnel.Type.IPIP;
          case "gue" -> Tunnel.Type.GUE;
          case "gre" -> Tunnel.Type.GRE;
          default ->
              throw line.error(
                  named.column(), "tunnel \"" + named.text() + "\"", "ipip, gue or gre");
        };
    if (!line.has(IpvsadmOption.TUNNEL)) {
      throw line.error(named.column(), "tunnel \"" + named.text() + "\"", "-i for it");
    }
    return found;
  }

  private int port() {
    Argument port = line.argument(IpvsadmOption.TUNNEL_PORT);
    if (type != Tunnel.Type.GUE) {
      if (port != null) {
        throw misplaced(IpvsadmOption.TUNNEL_PORT, port);
      }
      return 0;
    }
    if (port == null) {
      throw line.error(line.endColumn(), "no port of gue", "--tun-port");
    }
    int number = line.number(port, MAX_PORT);
    if (number == 0) {
      throw line.error(port.column(), "port 0 of gue", "a number from 1 to " + MAX_PORT);
    }
    return number;
  }

  private Tunnel.Checksum checksum() {
    IpvsadmOption chosen = IpvsadmOption.TUNNEL_NO_CHECKSUM;
    int found = 0;
    for (IpvsadmOption option : CHECKSUMS) {
      Argument argument = line.argument(option);
      if (argument == null) {
        continue;
      }
      boolean ofType = type == Tunnel.Type.GUE || option != IpvsadmOption.TUNNEL_REMOTE_CHECKSUM;
      if (type == Tunnel.Type.IPIP || !ofType) {
        throw misplaced(option, argument);
      }
      if (++found > 1) {
        throw line.error(argument.column(), option.text(), "one of the checksums");
      }
      chosen = option;
    }
    return switch (chosen) {
      case TUNNEL_CHECKSUM -> Tunnel.Checksum.OUTER;
      case TUNNEL_REMOTE_CHECKSUM -> Tunnel.Checksum.REMOTE;
      default -> Tunnel.Checksum.NONE;
    };
  }

  private RuntimeException misplaced(IpvsadmOption option, Argument argument) {
    return line.error(
        argument.column(),
        option.text() + " of " + (type == Tunnel.Type.GRE ? "gre" : "ipip"),
        "a tunnel that has it");
  }
}
