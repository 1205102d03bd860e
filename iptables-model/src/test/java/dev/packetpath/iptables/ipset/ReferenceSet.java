package dev.packetpath.iptables.ipset;

import dev.packetpath.core.HookState;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A set as the manual tells: a list of elements, looked at from the most specific network on. */
final class ReferenceSet {
  private final SetSpec spec;
  private final Map<SetElement, SetEntry> entries = new LinkedHashMap<>();

  /** How many hashes or bits the last lookup looked at. */
  int probes;

  ReferenceSet(SetSpec spec) {
    this.spec = spec;
  }

  void add(SetEntry entry) {
    entries.put(entry.element(), entry);
  }

  boolean test(Packet packet, HookState state, SetDimensions dimensions, boolean returnNomatch) {
    probes = 0;
    boolean familyless = spec.type() == SetType.BITMAP_PORT;
    if (dimensions.size() < spec.type().dimensions()
        || (!familyless && spec.family() != packet.family())) {
      return false;
    }
    if (!isComplete(packet, state, dimensions)) {
      return false;
    }
    int last = spec.type().dimensions() - 1;
    for (int firstLength : lengths(0)) {
      for (int lastLength : last == 0 ? List.of(firstLength) : lengths(last)) {
        probes++;
        boolean met = false;
        for (SetEntry entry : entries.values()) {
          if (length(entry, 0) == firstLength
              && length(entry, last) == lastLength
              && fits(entry, packet, dimensions)) {
            met = true;
            if (fitsDevice(entry, state, dimensions)) {
              return entry.nomatch() == returnNomatch || !spec.type().hasNomatch();
            }
          }
        }
        if (met) {
          return false; // hash:net,iface looks no further than the first network met
        }
      }
    }
    return false;
  }

  /** The different prefix lengths of a dimension, longest first; one if it holds no networks. */
  private List<Integer> lengths(int dimension) {
    if (spec.type().parts().get(dimension) != SetType.Part.NETWORK) {
      return List.of(-1);
    }
    TreeSet<Integer> found = new TreeSet<>();
    entries.values().forEach(entry -> found.add(length(entry, dimension)));
    return new ArrayList<>(found.descendingSet());
  }

  private int length(SetEntry entry, int dimension) {
    return entry.element().parts().get(dimension) instanceof ElementPart.Network network
            && spec.type().parts().get(dimension) == SetType.Part.NETWORK
        ? network.prefix().length()
        : -1;
  }

  private boolean isComplete(Packet packet, HookState state, SetDimensions dimensions) {
    for (int i = 0; i < spec.type().dimensions(); i++) {
      boolean complete =
          switch (spec.type().parts().get(i)) {
            case ADDRESS ->
                spec.type() != SetType.BITMAP_IP || inRange(address(packet, dimensions, i));
            case BARE_PORT ->
                (packet.protocol() == IpProtocol.TCP || packet.protocol() == IpProtocol.UDP)
                    && port(packet, dimensions.isSource(i)) >= spec.rangeFirst();
            case DEVICE -> !device(state, dimensions, i).isEmpty();
            default -> true;
          };
      if (!complete) {
        return false;
      }
    }
    return true;
  }

  private boolean inRange(IpAddress address) {
    return address.low() >= spec.rangeFirst() && address.low() <= spec.rangeLast();
  }

  private boolean fits(SetEntry entry, Packet packet, SetDimensions dimensions) {
    for (int i = 0; i < spec.type().dimensions(); i++) {
      ElementPart part = entry.element().parts().get(i);
      if (part instanceof ElementPart.Network network) {
        int length = Math.min(network.prefix().length(), spec.netmask());
        IpPrefix prefix = IpPrefix.of(network.prefix().address(), length);
        if (!prefix.contains(address(packet, dimensions, i))) {
          return false;
        }
      } else if (part instanceof ElementPart.Ports ports) {
        boolean protocol = ports.protocol() == 0 || ports.protocol() == packet.protocol();
        if (!protocol || ports.first() != port(packet, dimensions.isSource(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean fitsDevice(SetEntry entry, HookState state, SetDimensions dimensions) {
    int last = spec.type().dimensions() - 1;
    if (!(entry.element().parts().get(last) instanceof ElementPart.DeviceName name)) {
      return true;
    }
    String device = device(state, dimensions, last);
    return entry.wildcard() ? device.startsWith(name.name()) : device.equals(name.name());
  }

  private static IpAddress address(Packet packet, SetDimensions dimensions, int dimension) {
    return dimensions.isSource(dimension) ? packet.source() : packet.destination();
  }

  private static int port(Packet packet, boolean source) {
    if (packet.isIcmp()) {
      return packet.icmpType() << 8 | packet.icmpCode();
    }
    return source ? packet.sourcePort() : packet.destinationPort();
  }

  private static String device(HookState state, SetDimensions dimensions, int dimension) {
    return dimensions.isSource(dimension) ? state.in().name() : state.out().name();
  }
}
