package dev.packetpath.iptables.syntax;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.ProtocolNames;
import java.util.OptionalInt;

/** Reads the values of the options that every rule has: addresses, devices, protocol, fragments. */
final class HeaderReader {
  private static final Splitter COMMA = Splitter.on(',');
  private static final int MAX_DEVICE_CHARS = 15;

  private HeaderReader() {}

  /** Reads {@code address[/mask][,…]}: each becomes a rule of its own. */
  static ImmutableList<AddressMask> addresses(
      RuleSource source, int column, IpFamily family, String text) {
    if (text.indexOf(',') < 0) {
      return ImmutableList.of(address(source, column, family, text));
    }
    ImmutableList.Builder<AddressMask> addresses = ImmutableList.builder();
    for (String one : COMMA.split(text)) {
      addresses.add(address(source, column, family, one));
    }
    return addresses.build();
  }

  private static AddressMask address(RuleSource source, int column, IpFamily family, String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    IpAddress address = parse(source, column, family, host, "an address");
    if (slash < 0) {
      return AddressMask.of(address, family.bits());
    }
    String mask = text.substring(slash + 1);
    if (mask.indexOf('.') < 0 && mask.indexOf(':') < 0) {
      long length = Numbers.parse(mask);
      if (length < 0 || length > family.bits()) {
        throw source.error(
            column, "\"" + mask + "\" as mask", "a prefix length 0 to " + family.bits());
      }
      return AddressMask.of(address, (int) length);
    }
    return AddressMask.of(address, parse(source, column, family, mask, "a mask"));
  }

  private static IpAddress parse(
      RuleSource source, int column, IpFamily family, String text, String what) {
    String full = family == IpFamily.IPV4 ? completed(text) : text;
    if (IpAddress.isAddress(full)) {
      IpAddress address = IpAddress.parse(full);
      if (address.family() == family) {
        return address;
      }
    }
    throw source.error(
        column,
        "\"" + text + "\"",
        what + " of " + (family == IpFamily.IPV4 ? "IPv4" : "IPv6") + " (names are not resolved)");
  }

  /** iptables reads {@code 10} and {@code 10.1} as {@code 10.0.0.0} and {@code 10.1.0.0}. */
  private static String completed(String text) {
    int dots = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        dots++;
      } else if (c < '0' || c > '9') {
        return text;
      }
    }
    return dots == 3 || text.isEmpty() ? text : text + ".0".repeat(3 - Math.min(dots, 3));
  }

  static DeviceMatch device(RuleSource source, int column, String text, boolean inverted) {
    if (text.isEmpty() || text.length() > MAX_DEVICE_CHARS) {
      throw source.error(
          column, "\"" + text + "\"", "a device name of 1 to " + MAX_DEVICE_CHARS + " characters");
    }
    return new DeviceMatch(text, inverted);
  }

  static int protocol(RuleSource source, int column, String text, boolean inverted) {
    if (text.equalsIgnoreCase("all") || text.equals("0")) {
      if (inverted) {
        throw source.error(
            column, "! -p " + text, "a rule that can match: no packet has no protocol");
      }
      return HeaderMatch.ANY_PROTOCOL;
    }
    OptionalInt named = ProtocolNames.numberOf(text);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    long number = Numbers.parse(text);
    if (number < 0 || number > 255) {
      throw source.error(
          column, "protocol \"" + text + "\"", "a protocol name or a number 0 to 255");
    }
    return (int) number;
  }
}
