package dev.packetpath.kubernetes;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.List;

/** Where the nodes, Pods and Services of a synthetic cluster lie. */
final class SyntheticAddresses {
  private static final IpPrefix USUAL_PODS = IpPrefix.parse("10.244.0.0/16");
  private static final IpPrefix MANY_PODS = IpPrefix.parse("10.128.0.0/9");
  private static final ImmutableMap<IpFamily, IpPrefix> SERVICES =
      ImmutableMap.of(
          IpFamily.IPV4, IpPrefix.parse("10.96.0.0/12"),
          IpFamily.IPV6, IpPrefix.parse("fd00:10:96::/108"));
  private static final ImmutableMap<IpFamily, IpPrefix> NODES =
      ImmutableMap.of(
          IpFamily.IPV4, IpPrefix.parse("192.168.0.0/16"),
          IpFamily.IPV6, IpPrefix.parse("fd00:192:168::/64"));

  private static final int USUAL_NODE_BITS = 8;
  private static final int IPV6_NODE_LENGTH = 64;

  /**
   * Before the first Pod are the network's own address and the bridge's; before nodes, a router.
   */
  private static final int FIRST_HOST = 2;

  /** Behind the last Pod is the broadcast address. */
  private static final int RESERVED_HOSTS = FIRST_HOST + 1;

  private final ImmutableMap<IpFamily, IpPrefix> podCidrs;
  private final int hostBits;

  private SyntheticAddresses(ImmutableMap<IpFamily, IpPrefix> podCidrs, int hostBits) {
    this.podCidrs = podCidrs;
    this.hostBits = hostBits;
  }

  /** Returns IPv4 addresses in 10.244.0.0/16, or in 10.128.0.0/9 if there are too many Pods. */
  static SyntheticAddresses usual(int nodes, int podsPerNode) {
    boolean few = nodes <= 1L << nodeBits(USUAL_PODS, USUAL_NODE_BITS);
    return in(List.of(few ? USUAL_PODS : MANY_PODS), nodes, podsPerNode);
  }

  /**
   * Returns addresses with those of Pods in these prefixes, one of each family.
   *
   * @throws IllegalArgumentException if they do not hold so many
   */
  static SyntheticAddresses in(List<IpPrefix> podCidrs, int nodes, int podsPerNode) {
    checkArgument(
        nodes < 1 << 16, "%s Pods a node make %s nodes, of at most 65535", podsPerNode, nodes);
    ImmutableMap<IpFamily, IpPrefix> byFamily = Maps.uniqueIndex(podCidrs, IpPrefix::family);
    int bits = USUAL_NODE_BITS;
    IpPrefix ipv4 = byFamily.get(IpFamily.IPV4);
    if (ipv4 != null && nodes > 1L << nodeBits(ipv4, bits)) {
      bits = Integer.SIZE - Integer.numberOfLeadingZeros(podsPerNode + RESERVED_HOSTS - 1);
      checkArgument(
          nodes <= 1L << nodeBits(ipv4, bits),
          "%s holds no %s nodes of %s Pods",
          ipv4,
          nodes,
          podsPerNode);
    }
    IpPrefix ipv6 = byFamily.get(IpFamily.IPV6);
    checkArgument(
        ipv6 == null || nodes <= 1L << Math.min(62, Math.max(0, IPV6_NODE_LENGTH - ipv6.length())),
        "%s holds no %s nodes of a /64 each",
        ipv6,
        nodes);
    return new SyntheticAddresses(byFamily, bits);
  }

  private static int nodeBits(IpPrefix podCidr, int hostBits) {
    return Math.max(0, podCidr.family().bits() - podCidr.length() - hostBits);
  }

  ImmutableSet<IpFamily> families() {
    return podCidrs.keySet();
  }

  ImmutableList<IpPrefix> podCidrs() {
    return podCidrs.values().asList();
  }

  ImmutableList<IpPrefix> serviceCidrs() {
    return families().stream()
        .map(family -> in(SERVICES, family))
        .collect(ImmutableList.toImmutableList());
  }

  private static IpPrefix in(ImmutableMap<IpFamily, IpPrefix> prefixes, IpFamily family) {
    IpPrefix prefix = prefixes.get(family);
    if (prefix == null) {
      throw new AssertionError("no addresses of " + family);
    }
    return prefix;
  }

  IpAddress service(IpFamily family, int service) {
    return plus(in(SERVICES, family).address(), service + 1L);
  }

  IpAddress node(IpFamily family, int node) {
    return plus(in(NODES, family).address(), (long) node + FIRST_HOST);
  }

  IpPrefix podCidr(IpFamily family, int node) {
    IpAddress first = in(podCidrs, family).address();
    return family == IpFamily.IPV4
        ? IpPrefix.of(plus(first, (long) node << hostBits), family.bits() - hostBits)
        : IpPrefix.of(IpAddress.ipv6(first.high() + node, first.low()), IPV6_NODE_LENGTH);
  }

  IpAddress pod(IpFamily family, int node, int pod) {
    return plus(podCidr(family, node).address(), (long) pod + FIRST_HOST);
  }

  private static IpAddress plus(IpAddress address, long offset) {
    return new IpAddress(address.family(), address.high(), address.low() + offset);
  }
}
