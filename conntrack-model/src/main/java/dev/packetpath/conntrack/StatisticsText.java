package dev.packetpath.conntrack;

import dev.packetpath.core.SyntaxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code conntrack -S} prints: a line for each processor, added up. */
final class StatisticsText {
  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Pattern COUNTER = Pattern.compile("([a-z_]+)=(\\d{1,18})");

  private StatisticsText() {}

  static ConntrackStatistics read(String file, Reader text) throws IOException {
    Map<String, Long> sums = new HashMap<>();
    BufferedReader lines = new BufferedReader(text);
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      Matcher word = WORD.matcher(line);
      while (word.find()) {
        Matcher counter = COUNTER.matcher(word.group());
        if (!counter.matches()) {
          throw new SyntaxException(
              file, number, word.start() + 1, "\"" + word.group() + "\"", "name=number");
        }
        sums.merge(counter.group(1), Long.parseLong(counter.group(2)), Long::sum);
      }
    }
    return new ConntrackStatistics(
        sums.getOrDefault("found", 0L),
        sums.getOrDefault("invalid", 0L),
        sums.getOrDefault("insert", 0L),
        sums.getOrDefault("insert_failed", 0L),
        sums.getOrDefault("drop", 0L),
        sums.getOrDefault("early_drop", 0L),
        sums.getOrDefault("error", 0L),
        sums.getOrDefault("search_restart", 0L),
        sums.getOrDefault("clash_resolve", 0L),
        sums.getOrDefault("chaintoolong", 0L));
  }
}
