package dev.packetpath.iptables.testing;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.ipset.ElementPart;
import dev.packetpath.iptables.ipset.SetElement;
import dev.packetpath.iptables.ipset.SetEntry;
import dev.packetpath.iptables.ipset.SetSpec;
import dev.packetpath.iptables.ipset.SetType;
import dev.packetpath.iptables.ipset.SkbInfo;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Ipsets over the few addresses and ports of {@link PacketArbitraries}. */
public final class IpsetArbitraries {
  private IpsetArbitraries() {}

  /** Returns the types whose elements are no sets. */
  public static Arbitrary<SetType> types() {
    return Arbitraries.of(SetType.class).filter(type -> type != SetType.LIST_SET);
  }

  /** Returns specifications of all types but list:set, with extensions. */
  public static Arbitrary<SetSpec> specs(String name) {
    Arbitrary<Boolean> flag = Arbitraries.of(true, false);
    Arbitrary<Integer> timeouts = Arbitraries.of(-1, -1, 0, 10, 2_147_483);
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 1 << 16);
    return Combinators.combine(types(), flag, timeouts, flag, flag, flag, numbers)
        .as(
            (type, isInet6, timeout, counters, comment, skbinfo, number) -> {
              SetSpec.Builder spec = SetSpec.builder(name, type);
              spec.counters(counters).comment(comment).skbinfo(skbinfo);
              if (timeout >= 0) {
                spec.timeoutSeconds(timeout);
              }
              if (type == SetType.BITMAP_PORT) {
                return spec.portRange(number % 64, 0xffff).build();
              }
              if (type == SetType.BITMAP_IP) {
                return spec.range(address(IpFamily.IPV4, 0), address(IpFamily.IPV4, 15)).build();
              }
              spec.family(isInet6 ? IpFamily.IPV6 : IpFamily.IPV4);
              spec.hashSize(number).bucketSize(number & 15).maxElements(number + 1000L);
              spec.forceadd(number % 7 == 0);
              if (number % 3 == 0) {
                spec.initval(number);
              }
              if (type == SetType.HASH_IP && number % 4 == 0) {
                spec.netmask(isInet6 ? 124 : 28);
              }
              return spec.build();
            });
  }

  /** Returns elements of a set, ranges of addresses and ports included. */
  public static Arbitrary<SetElement> elements(SetSpec spec) {
    return parts(spec, true);
  }

  /** Returns elements of a set that stand for one each. */
  public static Arbitrary<SetElement> singleElements(SetSpec spec) {
    return parts(spec, false);
  }

  private static Arbitrary<SetElement> parts(SetSpec spec, boolean ranges) {
    IpFamily family = spec.family();
    boolean several = ranges && family == IpFamily.IPV4;
    Arbitrary<ElementPart> address = addresses(family);
    Arbitrary<ElementPart> first = several ? Arbitraries.oneOf(address, ranges()) : address;
    Arbitrary<ElementPart> net = networks(family);
    Arbitrary<ElementPart> network = several ? Arbitraries.oneOf(net, ranges()) : net;
    Arbitrary<ElementPart> port = ports(family, ranges);
    return switch (spec.type()) {
      case HASH_IP, BITMAP_IP -> first.map(SetElement::of);
      case HASH_NET -> network.map(SetElement::of);
      case HASH_IP_PORT -> Combinators.combine(first, port).as(SetElement::of);
      case HASH_IP_PORT_IP -> Combinators.combine(first, port, address).as(SetElement::of);
      case HASH_IP_PORT_NET -> Combinators.combine(first, port, network).as(SetElement::of);
      case HASH_NET_PORT -> Combinators.combine(network, port).as(SetElement::of);
      case HASH_NET_IFACE -> Combinators.combine(network, devices()).as(SetElement::of);
      case HASH_NET_NET -> Combinators.combine(network, network).as(SetElement::of);
      case BITMAP_PORT ->
          PacketArbitraries.ports()
              .filter(number -> number >= spec.rangeFirst())
              .map(number -> SetElement.of(new ElementPart.Ports(0, number, number)));
      case LIST_SET -> Arbitraries.just(SetElement.of(new ElementPart.Member("member")));
    };
  }

  /** Returns entries of a set with all that its extensions allow. */
  public static Arbitrary<SetEntry> entries(SetSpec spec, Arbitrary<SetElement> elements) {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 255);
    return Combinators.combine(elements, numbers, numbers)
        .as(
            (element, number, other) -> {
              SetEntry.Builder entry = SetEntry.builder(element);
              if (spec.hasTimeout() && number % 2 == 0) {
                entry.timeoutSeconds(other % 20);
              }
              if (spec.counters() && number % 3 == 0) {
                entry.packets(number).bytes(Long.MIN_VALUE + other);
              }
              if (spec.comment() && number % 5 == 0) {
                entry.comment("note " + number);
              }
              if (spec.skbinfo() && number % 4 == 0) {
                entry.skbinfo(
                    new SkbInfo(number, other % 2 == 0 ? -1 : other, other << 12, number));
              }
              entry.nomatch(isNetwork(spec.type()) && other % 4 == 0);
              entry.wildcard(spec.type() == SetType.HASH_NET_IFACE && other % 5 == 0);
              return entry.build();
            });
  }

  private static boolean isNetwork(SetType type) {
    return type.toString().contains("net");
  }

  private static IpAddress address(IpFamily family, int host) {
    return family == IpFamily.IPV4
        ? IpAddress.ipv4(0x0a00_0100 + host)
        : IpAddress.ipv6(0xfd00_0001_0000_0000L, host);
  }

  private static Arbitrary<ElementPart> addresses(IpFamily family) {
    return PacketArbitraries.addresses(family)
        .map(address -> new ElementPart.Network(IpPrefix.host(address)));
  }

  private static Arbitrary<ElementPart> ranges() {
    Arbitrary<Integer> hosts = Arbitraries.integers().between(0, 14);
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 12);
    return Combinators.combine(hosts, sizes)
        .as(
            (host, size) ->
                new ElementPart.Range(
                    address(IpFamily.IPV4, host),
                    address(IpFamily.IPV4, Math.min(15, host + size))));
  }

  private static Arbitrary<ElementPart> networks(IpFamily family) {
    int bits = family.bits();
    return Combinators.combine(
            PacketArbitraries.addresses(family),
            Arbitraries.of(bits, bits, bits - 1, bits - 2, bits - 3, bits - 4, bits - 12, 1))
        .as((address, length) -> new ElementPart.Network(IpPrefix.of(address, length)));
  }

  private static Arbitrary<ElementPart> ports(IpFamily family, boolean ranges) {
    Arbitrary<Integer> protocols =
        Arbitraries.of(IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, IpProtocol.UDPLITE);
    Arbitrary<ElementPart> plain =
        Combinators.combine(
                protocols, PacketArbitraries.ports(), Arbitraries.integers().between(0, 3))
            .as(
                (protocol, port, more) ->
                    new ElementPart.Ports(
                        protocol, port, ranges ? Math.min(0xffff, port + more) : port));
    int icmp = family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
    Arbitrary<ElementPart> messages =
        Arbitraries.of(0x0800, 0x8000, 0x0301, 0x4d03)
            .map(code -> new ElementPart.Ports(icmp, code, code));
    Arbitrary<ElementPart> others =
        Arbitraries.of(2, 47, 50, 200).map(protocol -> new ElementPart.Ports(protocol, 0, 0));
    return Arbitraries.oneOf(plain, plain, messages, others);
  }

  private static Arbitrary<ElementPart> devices() {
    return Arbitraries.of("eth", "eth0", "eth1", "lo")
        .map(name -> new ElementPart.DeviceName(name, false));
  }
}
