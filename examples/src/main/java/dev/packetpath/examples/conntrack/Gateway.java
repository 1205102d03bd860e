package dev.packetpath.examples.conntrack;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.conntrack.ConntrackText;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketNotation;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.PacketResult;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * A gateway with clients behind eth0, 10.0.0.1/24, and the Internet behind eth1, 203.0.113.1/24,
 * that tells what it does with each packet.
 */
final class Gateway {
  private final PrintStream out;
  private final Node node;
  private long timeNs;

  /**
   * Creates a gateway.
   *
   * @param rules what {@code iptables-restore} reads
   * @param sysctls the settings that differ from the kernel's defaults
   * @param out where it tells what happens
   */
  Gateway(String rules, ImmutableMap<String, String> sysctls, PrintStream out) {
    this.out = out;
    Device eth0 = Device.ethernet("eth0", 2);
    Device eth1 = Device.ethernet("eth1", 3);
    try {
      node =
          Node.of(
              NodeSnapshot.builder()
                  .ruleset(RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(rules)))
                  .network(
                      ConfiguredNetwork.builder()
                          .device(Device.lo())
                          .device(eth0)
                          .device(eth1)
                          .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
                          .addressWithRoutes(DeviceAddress.of(eth0, "10.0.0.1/24"))
                          .addressWithRoutes(DeviceAddress.of(eth1, "203.0.113.1/24"))
                          .route(
                              RouteEntry.unicast(
                                  IpPrefix.parse("0.0.0.0/0"),
                                  eth1,
                                  IpAddress.parse("203.0.113.254")))
                          .build())
                  .sysctls(
                      new Sysctls(
                          ImmutableMap.<String, String>builder()
                              .putAll(NodeSnapshot.ASSUMED_SYSCTLS.asMap())
                              .putAll(sysctls)
                              .buildKeepingLast()))
                  .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    node.host().trace().keep(true);
  }

  Node node() {
    return node;
  }

  Conntrack conntrack() {
    return node.conntrack().orElseThrow();
  }

  void say(String text, Object... arguments) {
    out.println(String.format(Locale.ROOT, text, arguments));
  }

  /** Lets the time pass until so many seconds after the start. */
  void at(long seconds) {
    timeNs = seconds * VirtualClock.NS_PER_SECOND;
  }

  /** Returns the packet of a notation such as {@code udp 10.0.0.7:5000 > 198.51.100.9:53}. */
  static Packet packet(String notation) {
    return ((PacketRequest.Given) PacketNotation.parse(notation)).packet().copy();
  }

  /** Lets a packet come in by a device and tells each step of its way. */
  void show(String device, String notation) {
    show(device, packet(notation));
  }

  /** Lets a packet come in by a device and tells each step of its way. */
  void show(String device, Packet packet) {
    out.println(
        String.format(
            Locale.ROOT, "%d s, by %s: %s", timeNs / VirtualClock.NS_PER_SECOND, device, packet));
    for (TraceEvent event : pass(device, packet).events()) {
      String line = EventText.of(event);
      if (!line.isEmpty()) {
        out.println("    " + line);
      }
    }
  }

  /** Lets a packet come in by a device; returns whether anything came out. */
  boolean passes(String device, String notation) {
    return !pass(device, packet(notation)).emissions().isEmpty();
  }

  private PacketResult pass(String device, Packet packet) {
    return node.inject(new Injection(device, packet, OptionalLong.of(timeNs)));
  }

  /** Prints the table as {@code conntrack -L} does. */
  void list() {
    node.host().clock().advanceTo(timeNs);
    for (ConntrackEntry entry : conntrack().entries()) {
      out.println("    " + ConntrackText.print(entry));
    }
  }
}
