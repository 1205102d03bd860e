package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Map;
import java.util.TreeMap;

/** Reads and prints {@code --chunk-types} (libxt_sctp, iptables 1.8.9). */
final class SctpChunkNames {
  private static final ImmutableSortedMap<Integer, String> NAMES =
      ImmutableSortedMap.<Integer, String>naturalOrder()
          .put(0, "DATA")
          .put(1, "INIT")
          .put(2, "INIT_ACK")
          .put(3, "SACK")
          .put(4, "HEARTBEAT")
          .put(5, "HEARTBEAT_ACK")
          .put(6, "ABORT")
          .put(7, "SHUTDOWN")
          .put(8, "SHUTDOWN_ACK")
          .put(9, "ERROR")
          .put(10, "COOKIE_ECHO")
          .put(11, "COOKIE_ACK")
          .put(12, "ECN_ECNE")
          .put(13, "ECN_CWR")
          .put(14, "SHUTDOWN_COMPLETE")
          .put(64, "I_DATA")
          .put(128, "ASCONF_ACK")
          .put(130, "RE_CONFIG")
          .put(132, "PAD")
          .put(192, "FORWARD_TSN")
          .put(193, "ASCONF")
          .put(194, "I_FORWARD_TSN")
          .buildOrThrow();

  /** Its flags are read, but the real tool files them under a wrong type, where they do nothing. */
  private static final int I_DATA = 64;

  private SctpChunkNames() {}

  static SctpChunkTest read(OptionValues options, OptionValues.Given given) {
    SctpChunkTest.Mode mode = mode(options, given);
    String list = given.values().get(1);
    boolean all = list.equalsIgnoreCase("ALL");
    Map<Integer, SctpChunkTest.Flags> types = new TreeMap<>();
    if (!all && !list.equalsIgnoreCase("NONE")) {
      for (String item : Splitter.on(',').omitEmptyStrings().split(list)) {
        add(options, given, item, types);
      }
    }
    return new SctpChunkTest(mode, all, ImmutableSortedMap.copyOf(types), given.inverted());
  }

  private static SctpChunkTest.Mode mode(OptionValues options, OptionValues.Given given) {
    for (SctpChunkTest.Mode mode : SctpChunkTest.Mode.values()) {
      if (mode.name().equalsIgnoreCase(given.value())) {
        return mode;
      }
    }
    throw options.error(given, "\"" + given.value() + "\"", "any, all or only");
  }

  private static void add(
      OptionValues options,
      OptionValues.Given given,
      String item,
      Map<Integer, SctpChunkTest.Flags> types) {
    int colon = item.indexOf(':');
    String name = colon < 0 ? item : item.substring(0, colon);
    int type =
        NAMES.entrySet().stream()
            .filter(entry -> entry.getValue().equalsIgnoreCase(name))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(
                () ->
                    options.error(
                        given,
                        "chunk \"" + name + "\"",
                        "ALL, NONE or a list of " + String.join(" ", NAMES.values())));
    SctpChunkTest.Flags flags = types.getOrDefault(type, SctpChunkTest.Flags.ANY);
    for (int i = colon; i >= 0 && ++i < item.length(); ) {
      char letter = item.charAt(i);
      int index = lettersOf(type).indexOf(Ascii.toUpperCase(letter));
      if (index < 0) {
        String letters = lettersOf(type);
        throw options.error(
            given,
            "flag \"" + letter + "\" of " + name,
            letters.isEmpty() ? "no flag" : "flags of \"" + letters + "\"");
      }
      int bit = 1 << index;
      flags =
          new SctpChunkTest.Flags(
              flags.mask() | bit,
              Ascii.isUpperCase(letter) ? flags.value() | bit : flags.value() & ~bit);
    }
    types.put(type, type == I_DATA ? SctpChunkTest.Flags.ANY : flags);
  }

  /** Returns the letters of a chunk's flags from bit 0 on. */
  private static String lettersOf(int type) {
    return switch (type) {
      case 0, I_DATA -> "EBUI";
      case 6, 14 -> "T";
      default -> "";
    };
  }

  static void print(OptionPrinter out, SctpChunkTest test) {
    StringBuilder list = new StringBuilder();
    test.types()
        .forEach(
            (type, flags) ->
                list.append(list.isEmpty() ? "" : ",")
                    .append(NAMES.get(type))
                    .append(flagLetters(type, flags)));
    String none = test.all() ? "ALL" : "NONE";
    out.option(test.inverted(), "--chunk-types", Ascii.toLowerCase(test.mode().name()))
        .word(list.isEmpty() ? none : list.toString());
  }

  private static String flagLetters(int type, SctpChunkTest.Flags flags) {
    StringBuilder text = new StringBuilder();
    String letters = lettersOf(type);
    for (int i = letters.length() - 1; i >= 0; i--) {
      if ((flags.mask() >>> i & 1) != 0) {
        char letter = letters.charAt(i);
        text.append((flags.value() >>> i & 1) != 0 ? letter : Ascii.toLowerCase(letter));
      }
    }
    return text.isEmpty() ? "" : ":" + text;
  }
}
