package dev.packetpath.iptables.ipset;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;

/**
 * The single elements that a written element of a hash stands for, in the order in which the kernel
 * adds them.
 *
 * <p>Source: net/netfilter/ipset/ip_set_hash_*.c, the uadt functions, and ip_set_range_to_cidr in
 * pfxlen.c, Linux 6.1; a zero address in hash:ip,port is refused since 6.2.
 */
final class ElementExpansion {
  private static final long IPV4_MAX = 0xffff_ffffL;

  private final SetSpec spec;
  private final SetElement element;
  private final Action action;
  private final ElementKey key = new ElementKey();

  /** Does something with one element. */
  interface Action {
    void accept(ElementKey key);
  }

  private ElementExpansion(SetSpec spec, SetElement element, Action action) {
    this.spec = spec;
    this.element = element;
    this.action = action;
  }

  /** Calls the action for each element; the key is reused. */
  static void forEach(SetSpec spec, SetElement element, Action action) {
    new ElementExpansion(spec, element, action).expandFirst();
  }

  private boolean isRange(ElementPart part) {
    return part instanceof ElementPart.Range
        || (part instanceof ElementPart.Network network
            && network.prefix().length() < spec.family().bits());
  }

  private void expandFirst() {
    ElementPart part = element.parts().get(0);
    boolean network = spec.type().parts().get(0) == SetType.Part.NETWORK;
    checkFirst(part);
    if (network) {
      eachNetwork(part, false, this::expandPort);
      return;
    }
    IpAddress first = first(part);
    if (first.family() == IpFamily.IPV6 || !isRange(part)) {
      key.first(first.high(), first.low(), spec.family().bits());
      maskAddress();
      expandPort();
      return;
    }
    long step = spec.type() == SetType.HASH_IP ? 1L << (32 - spec.netmask()) : 1;
    long start = first.low() & IpPrefix.maskLow(IpFamily.IPV4, spec.netmask());
    for (long ip = start; ip <= lastFrom(start, part); ip += step) {
      key.first(0, ip, 32);
      expandPort();
    }
  }

  /** The last address; a network's is as far from the masked address as from its own. */
  private static long lastFrom(long start, ElementPart part) {
    return part instanceof ElementPart.Network network
        ? start | (IPV4_MAX >>> network.prefix().length())
        : last(part).low();
  }

  /** Refuses what the kernel refuses before it adds anything. */
  private void checkFirst(ElementPart part) {
    boolean masked = spec.type() == SetType.HASH_IP || spec.type() == SetType.HASH_IP_PORT;
    IpAddress first = first(part);
    key.first(first.high(), first.low(), spec.family().bits());
    maskAddress();
    if (masked && key.firstHigh == 0 && key.firstLow == 0) {
      throw refusal(spec.type() == SetType.HASH_IP ? IpsetError.NULL_ELEMENT : IpsetError.INVALID);
    }
    for (int i = 1; i < element.parts().size(); i++) {
      if (element.parts().get(i) instanceof ElementPart.Ports ports && ports.protocol() == 0) {
        throw refusal(IpsetError.PROTOCOL);
      }
    }
    for (ElementPart each : element.parts()) {
      checkNetwork(each);
    }
  }

  private void checkNetwork(ElementPart part) {
    if (part instanceof ElementPart.Network network
        && network.prefix().length() == 0
        && spec.type() != SetType.HASH_NET_IFACE) {
      throw refusal(IpsetError.CIDR);
    }
    if (part instanceof ElementPart.Range range
        && spec.type() != SetType.HASH_IP
        && range.first().low() == 0
        && range.last().low() == IPV4_MAX) {
      throw refusal(IpsetError.WHOLE_RANGE);
    }
  }

  private IpsetException refusal(IpsetError error) {
    return new IpsetException(error, element.toString());
  }

  private void maskAddress() {
    if (spec.netmask() < spec.family().bits()) {
      key.maskFirst(spec.family(), spec.netmask());
      key.firstLength = spec.family().bits();
    }
  }

  private void expandPort() {
    if (element.parts().size() < 2 || !(element.parts().get(1) instanceof ElementPart.Ports p)) {
      expandSecond();
      return;
    }
    key.protocol = p.protocol();
    boolean icmp = p.protocol() == IpProtocol.ICMP || p.protocol() == IpProtocol.ICMPV6;
    int last = PacketPort.hasPorts(p.protocol()) ? p.last() : p.first();
    for (int port = p.first(); port <= last; port++) {
      key.port = icmp || PacketPort.hasPorts(p.protocol()) ? port : 0;
      expandSecond();
    }
  }

  private void expandSecond() {
    int index = element.parts().size() - 1;
    SetType.Part kind = spec.type().parts().get(index);
    if (index == 0 || kind == SetType.Part.PORT || kind == SetType.Part.DEVICE) {
      action.accept(key);
    } else if (kind == SetType.Part.NETWORK) {
      eachNetwork(element.parts().get(index), true, () -> action.accept(key));
    } else {
      IpAddress address = first(element.parts().get(index));
      key.second(address.high(), address.low(), spec.family().bits());
      action.accept(key);
    }
  }

  private void eachNetwork(ElementPart part, boolean second, Runnable next) {
    if (part instanceof ElementPart.Network network) {
      setNetwork(network.prefix().address(), network.prefix().length(), second);
      next.run();
      return;
    }
    long last = last(part).low();
    for (long ip = first(part).low(); ip <= last; ) {
      int length = coveringLength(ip, last);
      setNetwork(IpAddress.ipv4((int) ip), length, second);
      next.run();
      ip += 1L << (32 - length);
    }
  }

  private void setNetwork(IpAddress address, int length, boolean second) {
    if (second) {
      key.second(address.high(), address.low(), length);
    } else {
      key.first(address.high(), address.low(), length);
    }
  }

  /**
   * The shortest prefix, at least 1, that starts at an address and does not pass the last. The
   * kernel compares by the sign of a 32-bit difference, so that what lies more than half of the
   * address space before the last is added host by host.
   */
  static int coveringLength(long from, long last) {
    for (int length = 1; length < 32; length++) {
      long host = (1L << (32 - length)) - 1;
      if ((from & host) == 0 && (int) (last - (from | host)) >= 0) {
        return length;
      }
    }
    return 32;
  }

  static IpAddress first(ElementPart part) {
    if (part instanceof ElementPart.Range range) {
      return range.first();
    }
    return ((ElementPart.Network) part).prefix().address();
  }

  static IpAddress last(ElementPart part) {
    if (part instanceof ElementPart.Range range) {
      return range.last();
    }
    IpPrefix prefix = ((ElementPart.Network) part).prefix();
    IpFamily family = prefix.family();
    long lowBits = family == IpFamily.IPV4 ? IPV4_MAX : -1L;
    long highBits = family == IpFamily.IPV4 ? 0 : -1L;
    return new IpAddress(
        family,
        prefix.address().high() | (highBits & ~IpPrefix.maskHigh(family, prefix.length())),
        prefix.address().low() | (lowBits & ~IpPrefix.maskLow(family, prefix.length())));
  }
}
