package dev.packetpath.iptables.ipset;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;

/** One dimension of a written element. */
public sealed interface ElementPart {
  /**
   * One address or a network; in sets of addresses a network stands for all of its addresses.
   *
   * @param prefix the network
   */
  record Network(IpPrefix prefix) implements ElementPart {
    @Override
    public String toString() {
      return prefix.length() == prefix.family().bits()
          ? prefix.address().toString()
          : prefix.toString();
    }
  }

  /**
   * Several IPv4 addresses, which in sets of networks stand for the fewest networks that cover
   * them.
   *
   * @param first the least
   * @param last the greatest
   */
  record Range(IpAddress first, IpAddress last) implements ElementPart {
    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if the first is not less than the last
     */
    public Range {
      checkArgument(first.compareTo(last) < 0, "an ascending range, found %s-%s", first, last);
    }

    @Override
    public String toString() {
      return first + "-" + last;
    }
  }

  /**
   * Ports of one protocol.
   *
   * @param protocol the IANA number, 0 in a bitmap of ports, which has none
   * @param first the least; for ICMP the type and the code in 8 bits each; 0 if the protocol has no
   *     ports
   * @param last the greatest
   */
  record Ports(int protocol, int first, int last) implements ElementPart {
    /**
     * Checks protocol and ports.
     *
     * @throws IllegalArgumentException if they are out of range
     */
    public Ports {
      checkArgument(protocol >= 0 && protocol <= 255, "protocol out of range: %s", protocol);
      checkArgument(
          first >= 0 && first <= last && last <= 0xffff, "ports out of range: %s-%s", first, last);
    }

    @Override
    public String toString() {
      return PortText.print(this);
    }
  }

  /**
   * A device.
   *
   * @param name its name, at most {@link Device#MAX_NAME_LENGTH} characters; empty only after
   *     {@code physdev:}
   * @param bridgePort whether it is the port of a bridge: {@code physdev:}
   */
  record DeviceName(String name, boolean bridgePort) implements ElementPart {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is empty or longer
     */
    public DeviceName {
      checkArgument(
          (!name.isEmpty() || bridgePort) && name.length() <= Device.MAX_NAME_LENGTH,
          "a device name has 1 to %s characters, found \"%s\"",
          Device.MAX_NAME_LENGTH,
          name);
    }

    @Override
    public String toString() {
      return bridgePort ? "physdev:" + name : name;
    }
  }

  /**
   * Another set.
   *
   * @param set its name
   */
  record Member(String set) implements ElementPart {
    @Override
    public String toString() {
      return set;
    }
  }
}
