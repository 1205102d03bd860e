package dev.packetpath.iptables.ipset;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;

/** Sets from text, and packets asked of them. */
final class SetLab {
  static final HookState STATE =
      new HookState(Hook.FORWARD, Device.ethernet("eth0", 2), Device.ethernet("eth1", 3));

  final VirtualClock clock = new VirtualClock();
  final Work work = new Work();
  final IpSets sets = new IpSets(clock, work);

  SetLab(String... lines) {
    restore(lines);
  }

  void restore(String... lines) {
    try {
      sets.restore("ipset", new StringReader(String.join("\n", lines) + "\n"), false);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What {@code ipset save} prints of the elements, without the lines that create. */
  List<String> elements() {
    return save().lines().filter(line -> line.startsWith("add ")).toList();
  }

  String save() {
    StringBuilder out = new StringBuilder();
    try {
      sets.save(out);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toString();
  }

  boolean test(String name, Packet packet, String dimensions) {
    return test(name, packet, dimensions, TestOptions.DEFAULT);
  }

  boolean test(String name, Packet packet, String dimensions, TestOptions options) {
    work.clear();
    return sets.test(name, packet, STATE, SetDimensions.parse(dimensions), options);
  }

  long probes() {
    return work.count(SetContext.SET_PROBE);
  }

  long lookups() {
    return work.count(SetContext.SET_LOOKUP);
  }

  static Packet tcp(String source, int sourcePort, String destination, int destinationPort) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .protocol(IpProtocol.TCP)
        .ports(sourcePort, destinationPort);
  }

  static Packet tcp(String source, String destination) {
    return tcp(source, 40000, destination, 80);
  }
}
