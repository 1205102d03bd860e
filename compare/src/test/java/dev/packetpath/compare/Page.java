package dev.packetpath.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of docs/ with tables between marks, which are held to what is found; with {@code
 * -Dpacketpath.record=true} the tables are written instead.
 */
public final class Page {
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,]*(?:\\.[0-9]+)?");

  private final Path path;

  /** Creates the page of a name in docs/. */
  public Page(String name) {
    this.path = Path.of("..", "docs", name);
  }

  /**
   * Holds a table to what was found, or writes it. Numbers may differ in their last digit, for
   * another processor's logarithms may.
   */
  public void holds(String table, String found) throws IOException {
    String page = Files.readString(path);
    Matcher marks =
        Pattern.compile(
                "(<!-- begin " + table + " -->\n)(.*?)(<!-- end " + table + " -->)", Pattern.DOTALL)
            .matcher(page);
    assertThat(marks.find()).as("marks of %s in %s", table, path).isTrue();
    if (Boolean.getBoolean("packetpath.record")) {
      Files.writeString(path, marks.replaceFirst("$1" + Matcher.quoteReplacement(found) + "$3"));
      return;
    }
    String told = marks.group(2);
    assertThat(NUMBER.matcher(told).replaceAll("N"))
        .isEqualTo(NUMBER.matcher(found).replaceAll("N"));
    List<String> toldLines = Splitter.on('\n').splitToList(told);
    List<String> foundLines = Splitter.on('\n').splitToList(found);
    for (int line = 0; line < toldLines.size(); line++) {
      List<Double> toldNumbers = numbers(toldLines.get(line));
      List<Double> foundNumbers = numbers(foundLines.get(line));
      for (int i = 0; i < toldNumbers.size(); i++) {
        assertThat(toldNumbers.get(i))
            .as(toldLines.get(line))
            .isCloseTo(foundNumbers.get(i), within(0.01 * foundNumbers.get(i) + 0.011));
      }
    }
  }

  private static List<Double> numbers(String line) {
    return NUMBER
        .matcher(line)
        .results()
        .map(number -> Double.valueOf(number.group().replace(",", "")))
        .toList();
  }
}
