package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.OptionPrinter;

/** One option of {@code -m ipvs} that asks something of the packet's connection in ip_vs. */
public sealed interface IpvsTest {
  /** Returns whether the option holds. */
  boolean holds(Packet packet, IpvsInfo info);

  /** Prints the option as iptables-save does. */
  void print(OptionPrinter out);

  /**
   * The packet's protocol, {@code --vproto}.
   *
   * @param protocol its number
   * @param inverted whether the sense is reversed
   */
  record Protocol(int protocol, boolean inverted) implements IpvsTest {
    @Override
    public boolean holds(Packet packet, IpvsInfo info) {
      return (packet.protocol() == protocol) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option(inverted, "--vproto", Integer.toString(protocol));
    }
  }

  /**
   * The virtual address, {@code --vaddr}.
   *
   * @param address what it must be
   * @param inverted whether the sense is reversed
   */
  record Address(HostMask address, boolean inverted) implements IpvsTest {
    @Override
    public boolean holds(Packet packet, IpvsInfo info) {
      IpAddress virtual = info.virtualAddress();
      return address.matches(virtual.high(), virtual.low()) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option(inverted, "--vaddr", address.toString());
    }
  }

  /**
   * The virtual port, {@code --vport}.
   *
   * @param port what it must be
   * @param inverted whether the sense is reversed
   */
  record Port(int port, boolean inverted) implements IpvsTest {
    @Override
    public boolean holds(Packet packet, IpvsInfo info) {
      return (info.virtualPort() == port) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option(inverted, "--vport", Integer.toString(port));
    }
  }

  /**
   * The packet's direction in connection tracking, {@code --vdir}; no packet without a tracked
   * connection has one.
   *
   * @param reply whether it must be the reply direction
   */
  record Way(boolean reply) implements IpvsTest {
    @Override
    public boolean holds(Packet packet, IpvsInfo info) {
      ConnectionState state = PacketConnection.stateOf(packet);
      return PacketConnection.connectionOf(packet).exists() && state.isReply() == reply;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option("--vdir", reply ? "REPLY" : "ORIGINAL");
    }
  }

  /**
   * How packets are forwarded, {@code --vmethod}.
   *
   * @param method what it must be
   * @param inverted whether the sense is reversed
   */
  record Forwarding(IpvsInfo.Method method, boolean inverted) implements IpvsTest {
    @Override
    public boolean holds(Packet packet, IpvsInfo info) {
      return (info.method() == method) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      String name =
          switch (method) {
            case DIRECT_ROUTING -> "GATE";
            case TUNNEL -> "IPIP";
            default -> "MASQ";
          };
      out.option(inverted, "--vmethod", name);
    }
  }

  /**
   * The virtual port of the controlling connection, {@code --vportctl}.
   *
   * @param port what it must be
   * @param inverted whether the sense is reversed
   */
  record ControlPort(int port, boolean inverted) implements IpvsTest {
    @Override
    public boolean holds(Packet packet, IpvsInfo info) {
      return (info.controlPort() == port) != inverted;
    }

    @Override
    public void print(OptionPrinter out) {
      out.option(inverted, "--vportctl", Integer.toString(port));
    }
  }
}
