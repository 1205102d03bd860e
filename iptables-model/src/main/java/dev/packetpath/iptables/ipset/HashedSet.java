package dev.packetpath.iptables.ipset;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.HookState;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The hash types without devices: an address or network, perhaps a port, perhaps a second address
 * or network. {@link #lookup} does not allocate; it costs one probe for each prefix length tried.
 *
 * <p>Source: net/netfilter/ipset/ip_set_hash_ip.c, _net.c, _ipport.c, _ipportip.c, _ipportnet.c,
 * _netport.c, _netnet.c and ip_set_hash_gen.h (mtype_test_cidrs), Linux 6.1.
 */
final class HashedSet extends KeyedSet {
  private static final int NO_DIMENSION = -1;

  private final Map<ElementKey, Member> members = new LinkedHashMap<>();
  private final PrefixLengths firstLengths;
  private final PrefixLengths secondLengths;
  private final IpFamily family;
  private final boolean firstIsNetwork;
  private final boolean secondIsNetwork;
  private final int portDimension;
  private final int secondDimension;
  private final boolean refusesZero;

  HashedSet(SetSpec spec, SetContext context) {
    super(spec, context);
    ImmutableList<SetType.Part> parts = spec.type().parts();
    family = spec.family();
    firstLengths = new PrefixLengths(family);
    secondLengths = new PrefixLengths(family);
    firstIsNetwork = parts.get(0) == SetType.Part.NETWORK;
    portDimension = parts.indexOf(SetType.Part.PORT);
    int last = parts.size() - 1;
    secondDimension = last == 0 || last == portDimension ? NO_DIMENSION : last;
    secondIsNetwork =
        secondDimension != NO_DIMENSION && parts.get(secondDimension) == SetType.Part.NETWORK;
    refusesZero = spec.type() == SetType.HASH_IP || spec.type() == SetType.HASH_IP_PORT;
  }

  @Override
  int lookup(Packet packet, HookState state, SetDimensions dimensions) {
    collect();
    return probePacket(packet, dimensions) ? lookupProbe() : MISS;
  }

  private boolean probePacket(Packet packet, SetDimensions dimensions) {
    probe.clear();
    int bits = family.bits();
    if (dimensions.isSource(0)) {
      probe.first(packet.sourceHigh(), packet.sourceLow(), bits);
    } else {
      probe.first(packet.destinationHigh(), packet.destinationLow(), bits);
    }
    if (spec.netmask() < bits) {
      probe.maskFirst(family, spec.netmask());
      probe.firstLength = bits;
    }
    if (refusesZero && probe.firstHigh == 0 && probe.firstLow == 0) {
      return false;
    }
    if (portDimension != NO_DIMENSION) {
      int port = PacketPort.of(packet, dimensions.isSource(portDimension));
      if (port == PacketPort.NONE) {
        return false;
      }
      probe.protocol = packet.protocol();
      probe.port = port;
    }
    if (secondDimension != NO_DIMENSION) {
      if (dimensions.isSource(secondDimension)) {
        probe.second(packet.sourceHigh(), packet.sourceLow(), bits);
      } else {
        probe.second(packet.destinationHigh(), packet.destinationLow(), bits);
      }
    }
    return true;
  }

  @Override
  int lookupProbe() {
    if (!firstIsNetwork) {
      return secondIsNetwork ? lookupSecond() : lookupOnce();
    }
    long high = probe.firstHigh;
    long low = probe.firstLow;
    for (int i = 0; i < firstLengths.count(); i++) {
      int length = firstLengths.get(i);
      probe.first(
          high & IpPrefix.maskHigh(family, length), low & IpPrefix.maskLow(family, length), length);
      int result = secondIsNetwork ? lookupSecond() : lookupOnce();
      if (result != MISS) {
        return result;
      }
    }
    return MISS;
  }

  private int lookupSecond() {
    long high = probe.secondHigh;
    long low = probe.secondLow;
    int result = MISS;
    for (int i = 0; i < secondLengths.count() && result == MISS; i++) {
      int length = secondLengths.get(i);
      probe.second(
          high & IpPrefix.maskHigh(family, length), low & IpPrefix.maskLow(family, length), length);
      result = lookupOnce();
    }
    probe.second(high, low, family.bits());
    return result;
  }

  private int lookupOnce() {
    context.countProbe();
    Member member = find();
    return member.isAbsent() ? MISS : match(member);
  }

  @Override
  boolean isHostProbe() {
    return (!firstIsNetwork || probe.firstLength == family.bits())
        && (!secondIsNetwork || probe.secondLength == family.bits());
  }

  @Override
  boolean probeForAdd(Packet packet, HookState state, SetDimensions dimensions) {
    if (!probePacket(packet, dimensions)) {
      return false;
    }
    if (firstIsNetwork) {
      probe.maskFirst(family, firstLengths.initial());
    }
    if (secondIsNetwork) {
      probe.maskSecond(family, secondLengths.initial());
    }
    return true;
  }

  @Override
  void probeDevice(SetEntry entry) {}

  @Override
  Member find() {
    return members.getOrDefault(probe, Member.ABSENT);
  }

  @Override
  void insert(Member member) {
    members.put(member, member);
    countLengths(member, true);
  }

  @Override
  void remove(Member member) {
    members.remove(member);
    countLengths(member, false);
  }

  private void countLengths(Member member, boolean added) {
    if (firstIsNetwork) {
      count(firstLengths, member.firstLength, added);
    }
    if (secondIsNetwork) {
      count(secondLengths, member.secondLength, added);
    }
  }

  private static void count(PrefixLengths lengths, int length, boolean added) {
    if (added) {
      lengths.add(length);
    } else {
      lengths.remove(length);
    }
  }

  @Override
  Iterable<Member> members() {
    return members.values();
  }

  @Override
  long stored() {
    return members.size();
  }

  @Override
  void removeExpired() {
    members
        .values()
        .removeIf(
            member -> {
              boolean expired = isExpired(member);
              if (expired) {
                countLengths(member, false);
              }
              return expired;
            });
  }

  @Override
  void flush() {
    members.values().forEach(member -> countLengths(member, false));
    members.clear();
  }

  @Override
  SetElement toElement(Member member) {
    ImmutableList.Builder<ElementPart> parts = ImmutableList.builder();
    parts.add(network(member.firstHigh, member.firstLow, member.firstLength));
    if (portDimension != NO_DIMENSION) {
      parts.add(new ElementPart.Ports(member.protocol, member.port, member.port));
    }
    if (secondDimension != NO_DIMENSION) {
      parts.add(network(member.secondHigh, member.secondLow, member.secondLength));
    }
    return new SetElement(parts.build());
  }

  private ElementPart network(long high, long low, int length) {
    return new ElementPart.Network(new IpPrefix(new IpAddress(family, high, low), length));
  }
}
