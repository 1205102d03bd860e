package dev.packetpath.iptables.ipset;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/**
 * The types of sets that are modelled, each with the parts of its elements, one a dimension.
 *
 * <p>Source: net/netfilter/ipset/ip_set_*.c, Linux 6.1; the old names are those of ipset 4.
 */
public enum SetType {
  /** Addresses, or the networks of one {@code netmask}. */
  HASH_IP("hash:ip", "iphash", Part.ADDRESS),
  /** Networks of different sizes. */
  HASH_NET("hash:net", "nethash", Part.NETWORK),
  /** Address, protocol and port. */
  HASH_IP_PORT("hash:ip,port", "ipporthash", Part.ADDRESS, Part.PORT),
  /** Address, protocol and port, second address. */
  HASH_IP_PORT_IP("hash:ip,port,ip", "ipportiphash", Part.ADDRESS, Part.PORT, Part.ADDRESS),
  /** Address, protocol and port, network. */
  HASH_IP_PORT_NET("hash:ip,port,net", "ipportnethash", Part.ADDRESS, Part.PORT, Part.NETWORK),
  /** Network, protocol and port. */
  HASH_NET_PORT("hash:net,port", "netporthash", Part.NETWORK, Part.PORT),
  /** Network and device. */
  HASH_NET_IFACE("hash:net,iface", "netifacehash", Part.NETWORK, Part.DEVICE),
  /** Two networks. */
  HASH_NET_NET("hash:net,net", "netnethash", Part.NETWORK, Part.NETWORK),
  /** Addresses of one IPv4 range. */
  BITMAP_IP("bitmap:ip", "ipmap", Part.ADDRESS),
  /** TCP and UDP ports of one range. */
  BITMAP_PORT("bitmap:port", "portmap", Part.BARE_PORT),
  /** Other sets, tried in their order. */
  LIST_SET("list:set", "setlist", Part.SET);

  /** What one dimension of an element is. */
  enum Part {
    ADDRESS,
    NETWORK,
    PORT,
    BARE_PORT,
    DEVICE,
    SET
  }

  private static final ImmutableMap<String, SetType> BY_NAME = byName();

  private final String typeName;
  private final String oldName;
  private final ImmutableList<Part> parts;

  SetType(String typeName, String oldName, Part... parts) {
    this.typeName = typeName;
    this.oldName = oldName;
    this.parts = ImmutableList.copyOf(parts);
  }

  private static ImmutableMap<String, SetType> byName() {
    ImmutableMap.Builder<String, SetType> map = ImmutableMap.builder();
    for (SetType type : values()) {
      map.put(type.typeName, type).put(type.oldName, type);
    }
    return map.buildOrThrow();
  }

  /** Returns whether a type has this name or old name. */
  public static boolean isName(String name) {
    return BY_NAME.containsKey(name);
  }

  /**
   * Returns the type of this name, such as {@code hash:ip}, or old name, such as {@code iphash}.
   *
   * @throws IllegalArgumentException if it is none that is modelled
   */
  public static SetType named(String name) {
    SetType type = BY_NAME.get(name);
    if (type == null) {
      throw new IllegalArgumentException("not a modelled set type: \"" + name + "\"");
    }
    return type;
  }

  /** Returns the number of dimensions that a rule must name at least. */
  public int dimensions() {
    return parts.size();
  }

  ImmutableList<Part> parts() {
    return parts;
  }

  boolean isHash() {
    return this != BITMAP_IP && this != BITMAP_PORT && this != LIST_SET;
  }

  /** Whether its elements belong to no address family, so that rules of both can ask. */
  boolean isFamilyless() {
    return this == BITMAP_PORT || this == LIST_SET;
  }

  /** Whether elements can be exceptions (IPSET_TYPE_NOMATCH). */
  boolean hasNomatch() {
    return isHash() && parts.contains(Part.NETWORK);
  }

  boolean hasNetmask() {
    return this == HASH_IP || this == HASH_IP_PORT || this == BITMAP_IP;
  }

  /** The features that two sets must share to be swapped, the order of dimensions left out. */
  String features() {
    return switch (this) {
      case HASH_IP, BITMAP_IP -> "ip";
      default -> typeName;
    };
  }

  /** Returns the name, such as {@code hash:ip}. */
  @Override
  public String toString() {
    return typeName;
  }
}
