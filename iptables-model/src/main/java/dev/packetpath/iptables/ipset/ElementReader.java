package dev.packetpath.iptables.ipset;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.List;

/**
 * Reads an element, the word that the line has just moved past.
 *
 * <p>Source: ipset 7.17, lib/parse.c and the parse functions that lib/ipset_hash_*.c name.
 */
final class ElementReader {
  private final IpsetLine line;
  private final SetType type;
  private final IpFamily family;
  private int offset;

  private ElementReader(IpsetLine line, SetType type, IpFamily family) {
    this.line = line;
    this.type = type;
    this.family = family;
  }

  static SetElement read(IpsetLine line, SetType type, IpFamily family, String text) {
    return new ElementReader(line, type, family).read(text);
  }

  private SetElement read(String text) {
    if (type == SetType.LIST_SET) {
      return SetElement.of(new ElementPart.Member(text));
    }
    List<String> texts = Splitter.on(',').splitToList(text);
    ImmutableList<SetType.Part> kinds = type.parts();
    if (texts.size() != kinds.size()) {
      throw line.here(form());
    }
    ImmutableList.Builder<ElementPart> parts = ImmutableList.builder();
    for (int i = 0; i < kinds.size(); i++) {
      parts.add(part(kinds.get(i), texts.get(i), i));
      offset += texts.get(i).length() + 1;
    }
    return new SetElement(parts.build());
  }

  private String form() {
    StringBuilder form = new StringBuilder("an element of the form ");
    for (int i = 0; i < type.parts().size(); i++) {
      form.append(i == 0 ? "" : ",")
          .append(
              switch (type.parts().get(i)) {
                case ADDRESS -> "IP";
                case NETWORK -> "NET";
                case PORT -> "[PROTO:]PORT";
                case BARE_PORT -> "PORT";
                case DEVICE -> "IFACE";
                case SET -> "SET";
              });
    }
    return form.toString();
  }

  private ElementPart part(SetType.Part kind, String text, int index) {
    return switch (kind) {
      case ADDRESS -> index == 0 ? addresses(text) : address(text);
      case NETWORK -> network(text);
      case PORT -> new PortReader(line, family, offset).read(text);
      case BARE_PORT -> {
        ElementPart.Ports ports = new PortReader(line, family, offset).readTcpOrUdp(text);
        yield new ElementPart.Ports(0, ports.first(), ports.last());
      }
      case DEVICE -> device(text);
      case SET -> throw new AssertionError(text);
    };
  }

  /** Reads one address, of IPv4 perhaps several: a range or a network. */
  private ElementPart addresses(String text) {
    ElementPart part = network(text);
    boolean plain =
        part instanceof ElementPart.Network network && network.prefix().length() == family.bits();
    if (family == IpFamily.IPV6 && !plain) {
      throw wrong(text, "one " + familyName() + " address");
    }
    return part;
  }

  /** Reads one address, written without a length. */
  private ElementPart address(String text) {
    ElementPart part = network(text);
    if (text.indexOf('/') >= 0 || (family == IpFamily.IPV4 && text.indexOf('-') >= 0)) {
      throw wrong(text, "one " + familyName() + " address");
    }
    return part;
  }

  private ElementPart network(String written) {
    String text =
        family == IpFamily.IPV6 && written.startsWith("[") && written.endsWith("]")
            ? written.substring(1, written.length() - 1)
            : written;
    int dash = text.indexOf('-');
    if (dash >= 0 && family == IpFamily.IPV4) {
      IpAddress from = address(text.substring(0, dash), written);
      IpAddress to = address(text.substring(dash + 1), written);
      if (from.equals(to)) {
        return new ElementPart.Network(IpPrefix.host(from));
      }
      return from.compareTo(to) < 0
          ? new ElementPart.Range(from, to)
          : new ElementPart.Range(to, from);
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      return new ElementPart.Network(IpPrefix.host(address(text, written)));
    }
    IpAddress address = address(text.substring(0, slash), written);
    long length = IpsetLine.number(text.substring(slash + 1), family.bits());
    if (length < 0) {
      throw wrong(written, "a prefix length from 0 to " + family.bits());
    }
    return new ElementPart.Network(IpPrefix.of(address, (int) length));
  }

  private IpAddress address(String text, String written) {
    if (!IpAddress.isAddress(text) || IpAddress.isIpv4(text) != (family == IpFamily.IPV4)) {
      throw wrong(written, "an " + familyName() + " address");
    }
    return IpAddress.parse(text);
  }

  private String familyName() {
    return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
  }

  private ElementPart device(String text) {
    boolean bridgePort = text.startsWith("physdev:");
    String name = bridgePort ? text.substring("physdev:".length()) : text;
    if ((name.isEmpty() && !bridgePort) || name.length() > Device.MAX_NAME_LENGTH) {
      throw wrong(text, "a device name of 1 to " + Device.MAX_NAME_LENGTH + " characters");
    }
    return new ElementPart.DeviceName(name, bridgePort);
  }

  private SyntaxException wrong(String text, String expected) {
    return line.inWord(offset, text, expected);
  }
}
