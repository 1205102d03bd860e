package dev.packetpath.iptables.match;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * The address types that {@code --src-type} or {@code --dst-type} lists.
 *
 * @param bits one bit for each, in the order of the kernel's RTN_ numbers; 0 where not asked for
 * @param inverted whether the sense is reversed
 */
public record AddressTypes(int bits, boolean inverted) {
  private static final ImmutableList<String> NAMES =
      ImmutableList.of(
          "UNSPEC",
          "UNICAST",
          "LOCAL",
          "BROADCAST",
          "ANYCAST",
          "MULTICAST",
          "BLACKHOLE",
          "UNREACHABLE",
          "PROHIBIT",
          "THROW",
          "NAT",
          "XRESOLVE");

  /** Not asked for. */
  public static final AddressTypes NOT_ASKED = new AddressTypes(0, false);

  /** Checks that no bit lies above the types. */
  public AddressTypes {
    checkArgument(bits >>> NAMES.size() == 0, "bits of address types, found %s", bits);
  }

  /** Returns the bit of a type. */
  static int bit(AddressType type) {
    return 1 << NAMES.indexOf(type.name());
  }

  /** Reads a list of names, of which the first letters in any case are enough. */
  static AddressTypes read(OptionValues options, String option) {
    if (!options.has(option)) {
      return NOT_ASKED;
    }
    OptionValues.Given given = options.require(option);
    int bits = 0;
    for (String text : Splitter.on(',').split(given.value())) {
      bits |= 1 << index(options, given, text);
    }
    return new AddressTypes(bits, given.inverted());
  }

  private static int index(OptionValues options, OptionValues.Given given, String text) {
    for (int i = 0; i < NAMES.size() && !text.isEmpty(); i++) {
      if (NAMES.get(i).regionMatches(true, 0, text, 0, text.length())) {
        return i;
      }
    }
    throw options.error(
        given, "address type \"" + text + "\"", "a list of " + String.join(", ", NAMES));
  }

  boolean isAsked() {
    return bits != 0;
  }

  boolean has(AddressType type) {
    return (bits & bit(type)) != 0;
  }

  void print(OptionPrinter out, String option) {
    if (!isAsked()) {
      return;
    }
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < NAMES.size(); i++) {
      if ((bits >>> i & 1) != 0) {
        list.append(list.isEmpty() ? "" : ",").append(NAMES.get(i));
      }
    }
    out.option(inverted, option, list.toString());
  }
}
