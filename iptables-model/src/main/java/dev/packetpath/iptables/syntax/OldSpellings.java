package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableTable;
import dev.packetpath.iptables.HeaderMatch;
import java.util.Optional;

/** What matches and their options were called before iptables 1.8.9. */
final class OldSpellings {
  private static final ImmutableMap<String, String> MATCHES = ImmutableMap.of("mport", "multiport");

  private static final ImmutableTable<String, String, String> OPTIONS =
      ImmutableTable.of("time", "--days", "--weekdays");

  private OldSpellings() {}

  /** Returns today's name of a match, if it had another. */
  static Optional<String> match(String name) {
    return Optional.ofNullable(MATCHES.get(name));
  }

  /** Returns today's name of an option, or the name itself. */
  static String option(String match, String name) {
    String today = OPTIONS.get(match, name);
    return today == null ? name : today;
  }

  /** Adds options that once could be left out. */
  static void complete(Extension<?> extension, RuleWords words) {
    OptionSpec algorithm = extension.option("--algo");
    if (extension.name().equals("string")
        && algorithm != null
        && !extension.values().has("--algo")) {
      words.note(extension.column(), "old spelling: string without --algo, read as --algo bm");
      extension
          .values()
          .add(
              new OptionValues.Given(
                  algorithm,
                  false,
                  ImmutableList.of("bm"),
                  extension.column(),
                  HeaderMatch.ANY_PROTOCOL));
    }
  }
}
