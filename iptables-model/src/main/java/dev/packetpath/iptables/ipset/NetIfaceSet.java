package dev.packetpath.iptables.ipset;

import com.google.common.collect.Iterables;
import dev.packetpath.core.HookState;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code hash:net,iface}: networks, each for one device. All elements of one network share a
 * bucket, and a lookup that found the packet's network there, but not its device, ends: it does not
 * go on to shorter prefixes.
 *
 * <p>Source: net/netfilter/ipset/ip_set_hash_netiface.c and ip_set_hash_gen.h (the {@code multi}
 * flag), Linux 6.1. Within a bucket the order of adding stands for the kernel's order. {@code
 * physdev:} elements match no packet, as no rule can ask for bridge ports.
 */
final class NetIfaceSet extends KeyedSet {
  private static final int DEVICE_DIMENSION = 1;

  private final Map<ElementKey, List<Member>> networks = new LinkedHashMap<>();
  private final PrefixLengths lengths;
  private final IpFamily family;
  private long stored;

  NetIfaceSet(SetSpec spec, SetContext context) {
    super(spec, context);
    family = spec.family();
    lengths = new PrefixLengths(family);
  }

  @Override
  int lookup(Packet packet, HookState state, SetDimensions dimensions) {
    collect();
    return probePacket(packet, state, dimensions) ? lookupProbe() : MISS;
  }

  private boolean probePacket(Packet packet, HookState state, SetDimensions dimensions) {
    probe.clear();
    if (dimensions.isSource(0)) {
      probe.first(packet.sourceHigh(), packet.sourceLow(), family.bits());
    } else {
      probe.first(packet.destinationHigh(), packet.destinationLow(), family.bits());
    }
    setDevice(
        dimensions.isSource(DEVICE_DIMENSION) ? state.in().name() : state.out().name(), false);
    return !probe.device.isEmpty();
  }

  private void setDevice(String name, boolean bridgePort) {
    probe.device = name;
    probe.bridgePort = bridgePort;
    probe.wildcard = false;
    probe.protocol = bridgePort ? 1 : 0;
  }

  @Override
  int lookupProbe() {
    long high = probe.firstHigh;
    long low = probe.firstLow;
    boolean met = false;
    for (int i = 0; i < lengths.count() && !met; i++) {
      int length = lengths.get(i);
      probe.first(
          high & IpPrefix.maskHigh(family, length), low & IpPrefix.maskLow(family, length), length);
      context.countProbe();
      List<Member> bucket = bucket();
      for (int j = 0; j < bucket.size(); j++) {
        met = true;
        if (fits(bucket.get(j))) {
          int result = match(bucket.get(j));
          if (result != MISS) {
            return result;
          }
          met = false;
        }
      }
    }
    return MISS;
  }

  private List<Member> bucket() {
    return networks.getOrDefault(probe, List.of());
  }

  private boolean fits(Member member) {
    return member.wildcard
        ? probe.device.startsWith(member.device)
        : probe.device.equals(member.device);
  }

  @Override
  boolean isHostProbe() {
    return probe.firstLength == family.bits();
  }

  @Override
  boolean probeForAdd(Packet packet, HookState state, SetDimensions dimensions) {
    if (lengths.initial() == 0 || !probePacket(packet, state, dimensions)) {
      return false;
    }
    probe.maskFirst(family, lengths.initial());
    return true;
  }

  @Override
  void probeDevice(SetEntry entry) {
    ElementPart.DeviceName name =
        (ElementPart.DeviceName) entry.element().parts().get(DEVICE_DIMENSION);
    setDevice(name.name(), name.bridgePort());
    probe.wildcard = entry.wildcard();
  }

  @Override
  Member find() {
    for (Member member : bucket()) {
      if (fits(member)) {
        return member;
      }
    }
    return Member.ABSENT;
  }

  @Override
  void insert(Member member) {
    networks.computeIfAbsent(member, key -> new ArrayList<>()).add(member);
    lengths.add(member.firstLength);
    stored++;
  }

  @Override
  void remove(Member member) {
    List<Member> bucket = networks.getOrDefault(member, List.of());
    bucket.removeIf(each -> each.isSame(member));
    if (bucket.isEmpty()) {
      networks.remove(member);
    }
    lengths.remove(member.firstLength);
    stored--;
  }

  @Override
  Iterable<Member> members() {
    return Iterables.concat(networks.values());
  }

  @Override
  long stored() {
    return stored;
  }

  @Override
  void removeExpired() {
    List<Member> expired = new ArrayList<>();
    for (Member member : members()) {
      if (isExpired(member)) {
        expired.add(member);
      }
    }
    expired.forEach(this::remove);
  }

  @Override
  void flush() {
    members().forEach(member -> lengths.remove(member.firstLength));
    networks.clear();
    stored = 0;
  }

  @Override
  SetElement toElement(Member member) {
    IpAddress address = new IpAddress(family, member.firstHigh, member.firstLow);
    return SetElement.of(
        new ElementPart.Network(new IpPrefix(address, member.firstLength)),
        new ElementPart.DeviceName(member.device, member.bridgePort));
  }
}
