package dev.packetpath.iptables.match;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * A type and a range of codes of ICMP or ICMPv6.
 *
 * @param type the type, 0 to 255
 * @param firstCode the lowest code, 0 to 255
 * @param lastCode the highest code, 0 to 255
 */
public record IcmpTypeTest(int type, int firstCode, int lastCode) {
  /** Checks that all three are bytes. */
  public IcmpTypeTest {
    checkArgument((type & ~0xff) == 0, "ICMP type 0 to 255, found %s", type);
    checkArgument(
        (firstCode & ~0xff) == 0 && (lastCode & ~0xff) == 0,
        "ICMP codes 0 to 255, found %s and %s",
        firstCode,
        lastCode);
  }

  /** Returns the test for a type with any code. */
  public static IcmpTypeTest anyCode(int type) {
    return new IcmpTypeTest(type, 0, 0xff);
  }

  /** Returns the test for a type with one code. */
  public static IcmpTypeTest of(int type, int code) {
    return new IcmpTypeTest(type, code, code);
  }

  /**
   * Reads a name, its beginning in any case if that is unique, or {@code type[/code[:code]]}.
   *
   * @param names the tests by their names
   */
  static IcmpTypeTest read(
      OptionValues options, OptionValues.Given given, ImmutableMap<String, IcmpTypeTest> names) {
    String text = given.value();
    String found = "";
    for (String name : names.keySet()) {
      if (name.regionMatches(true, 0, text, 0, text.length())) {
        if (!found.isEmpty()) {
          throw options.error(
              given, "ambiguous \"" + text + "\"", "either " + found + " or " + name);
        }
        found = name;
      }
    }
    IcmpTypeTest named = names.get(found);
    return named == null ? readNumbers(options, given, text) : named;
  }

  private static IcmpTypeTest readNumbers(
      OptionValues options, OptionValues.Given given, String text) {
    int slash = text.indexOf('/');
    int type = (int) options.number(given, slash < 0 ? text : text.substring(0, slash), 0, 255);
    if (slash < 0) {
      return anyCode(type);
    }
    int colon = text.indexOf(':', slash);
    int first = code(options, given, text.substring(slash + 1, colon < 0 ? text.length() : colon));
    return new IcmpTypeTest(
        type, first, colon < 0 ? first : code(options, given, text.substring(colon + 1)));
  }

  private static int code(OptionValues options, OptionValues.Given given, String text) {
    return (int) options.number(given, text, 0, 255);
  }

  private boolean matches(Packet packet) {
    return packet.icmpType() == type
        && packet.icmpCode() >= firstCode
        && packet.icmpCode() <= lastCode;
  }

  /** Returns what a match of this type, or of any type, says of a packet of its protocol. */
  MatchResult test(Packet packet, boolean anyType, boolean inverted) {
    if (packet.isLaterFragment()) {
      return MatchResult.NO;
    }
    if (packet.transportTruncated()) {
      return MatchResult.DROP;
    }
    return MatchResult.of((anyType || matches(packet)) != inverted);
  }

  /**
   * Returns {@code type}, with {@code /code} where not all are asked for: of a range, as
   * iptables-save, only the lowest.
   */
  @Override
  public String toString() {
    return firstCode == 0 && lastCode == 0xff ? Integer.toString(type) : type + "/" + firstCode;
  }
}
