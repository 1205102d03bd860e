package dev.packetpath.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Text of iptables-save made comparable: the lines of each table without comments and counters. The
 * order of tables is free, that of lines is not.
 *
 * @param tables the lines of each table, by its name
 */
record SavedText(Map<String, List<String>> tables) {
  private static final Pattern COUNTERS = Pattern.compile("^\\[\\d+:\\d+\\] | \\[\\d+:\\d+\\]$");

  static SavedText of(String text) {
    return of(text, line -> COUNTERS.matcher(line).replaceAll(""));
  }

  /** Returns a text with the counters that it has. */
  static SavedText counted(String text) {
    return of(text, UnaryOperator.identity());
  }

  private static SavedText of(String text, UnaryOperator<String> form) {
    Map<String, List<String>> tables = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.startsWith("*")) {
        lines = new ArrayList<>();
        tables.put(line, lines);
      } else if (!line.isEmpty() && line.charAt(0) != '#') {
        lines.add(form.apply(line));
      }
    }
    return new SavedText(tables);
  }

  /** Returns the first difference in another text's form of this one's tables. */
  Optional<String> differenceIn(SavedText other) {
    for (Map.Entry<String, List<String>> table : tables.entrySet()) {
      List<String> found = other.tables.getOrDefault(table.getKey(), List.of());
      List<String> expected = table.getValue();
      for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
        String ours = i < expected.size() ? expected.get(i) : "the end";
        String theirs = i < found.size() ? found.get(i) : "the end";
        if (!ours.equals(theirs)) {
          return Optional.of(table.getKey() + ": ours \"" + ours + "\", theirs \"" + theirs + "\"");
        }
      }
    }
    return Optional.empty();
  }
}
