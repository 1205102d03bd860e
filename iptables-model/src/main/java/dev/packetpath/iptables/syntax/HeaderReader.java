package dev.packetpath.iptables.syntax;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.ProtocolNames;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.HeaderMatch;
import java.util.OptionalInt;

/** Reads the values of the options that every rule has: addresses, devices, protocol, fragments. */
final class HeaderReader {
  private static final Splitter COMMA = Splitter.on(',');

  private HeaderReader() {}

  /** Reads {@code address[/mask][,…]}: each becomes a rule of its own. */
  static ImmutableList<AddressMask> addresses(
      RuleSource source, int column, IpFamily family, String text, SharedValues shared) {
    if (text.indexOf(',') < 0) {
      return ImmutableList.of(address(source, column, family, text, shared));
    }
    ImmutableList.Builder<AddressMask> addresses = ImmutableList.builder();
    int at = 0;
    for (String one : COMMA.split(text)) {
      addresses.add(address(source, column, family, at == 0 ? one : one.stripLeading(), shared));
      at++;
    }
    return addresses.build();
  }

  private static AddressMask address(
      RuleSource source, int column, IpFamily family, String text, SharedValues shared) {
    int slash = text.lastIndexOf('/');
    if (slash < 0) {
      IpAddress host = host(source, column, family, text, text.length());
      return AddressMask.of(shared.share(host), family.bits());
    }
    IpAddress mask = mask(source, column, family, text, slash + 1);
    // Under an empty mask the address is not even read.
    return mask.isAny()
        ? AddressMask.any(family)
        : AddressMask.of(shared.share(host(source, column, family, text, slash)), mask);
  }

  private static IpAddress mask(
      RuleSource source, int column, IpFamily family, String text, int from) {
    IpAddress mask = HostText.mask(family, text, from);
    if (mask == null) {
      throw source.error(
          column,
          "\"" + text.substring(from) + "\" as mask",
          "a prefix length 0 to " + family.bits() + " or a mask of " + nameOf(family));
    }
    return mask;
  }

  private static IpAddress host(
      RuleSource source, int column, IpFamily family, String text, int end) {
    IpAddress address = HostText.address(family, text, end);
    if (address == null) {
      throw source.error(
          column,
          "\"" + text.substring(0, end) + "\"",
          "an address of " + nameOf(family) + " (names are not resolved)");
    }
    return address;
  }

  private static String nameOf(IpFamily family) {
    return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
  }

  static DeviceMatch device(RuleSource source, int column, String text, boolean inverted) {
    if (text.isEmpty() || Utf8Text.length(text) > Device.MAX_NAME_LENGTH) {
      throw source.error(
          column,
          "\"" + text + "\"",
          "a device name of 1 to " + Device.MAX_NAME_LENGTH + " characters");
    }
    // "+" is any device, and iptables forgets even "!" before it.
    return text.equals("+") ? DeviceMatch.ANY : new DeviceMatch(text, inverted);
  }

  /**
   * Reads a protocol: any name, or a number of a byte. No packet has that of mptcp, which is above.
   */
  static int protocol(RuleSource source, int column, String text, boolean inverted) {
    OptionalInt named =
        text.equalsIgnoreCase("all") ? OptionalInt.of(0) : ProtocolNames.numberOf(text);
    long number = named.isPresent() ? named.getAsInt() : Numbers.parse(text);
    if (number < 0 || (named.isEmpty() && number > 255)) {
      throw source.error(
          column, "protocol \"" + text + "\"", "a protocol name or a number 0 to 255");
    }
    if (number == 0 && inverted) {
      throw source.error(
          column, "! -p " + text, "a rule that can match: no packet has no protocol");
    }
    return number == 0 ? HeaderMatch.ANY_PROTOCOL : (int) number;
  }
}
