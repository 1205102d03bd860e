package dev.packetpath.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/results.md to a new run; with {@code -Dpacketpath.record=true} writes it and its
 * charts instead.
 */
final class ResultsPageTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,]*(?:\\.[0-9]+)?");

  /** Figures may move so far without the page being written anew. */
  private static final double TOLERANCE = 0.01;

  @Test
  void thePageTellsWhatARunFinds() throws IOException {
    ResultsPage found = ResultsPage.find();
    String page = Files.readString(DOCS.resolve("results.md"));
    if (Boolean.getBoolean("packetpath.record")) {
      record(page, found);
      return;
    }
    for (Map.Entry<String, String> block : found.blocks().entrySet()) {
      // Where this fails after a profile was changed: write the page anew, as it says itself.
      Matcher marks = marks(block.getKey(), page);
      assertThat(marks.find()).as(block.getKey()).isTrue();
      assertSame(lines(marks.group(2)), lines(block.getValue()));
    }
  }

  private static void assertSame(List<String> told, List<String> found) {
    assertThat(told).hasSameSizeAs(found);
    for (int i = 0; i < told.size(); i++) {
      assertThat(NUMBER.matcher(told.get(i)).replaceAll("N"))
          .isEqualTo(NUMBER.matcher(found.get(i)).replaceAll("N"));
      List<Double> numbers = numbers(told.get(i));
      List<Double> others = numbers(found.get(i));
      for (int n = 0; n < numbers.size(); n++) {
        // Half of the last of three digits is what a number was rounded by.
        assertThat(numbers.get(n))
            .as(told.get(i))
            .isCloseTo(others.get(n), within(TOLERANCE * others.get(n) + 0.0011));
      }
    }
  }

  private static List<String> lines(String block) {
    return Splitter.on('\n').omitEmptyStrings().splitToList(block);
  }

  private static List<Double> numbers(String line) {
    return NUMBER
        .matcher(line)
        .results()
        .map(number -> Double.valueOf(number.group().replace(",", "")))
        .toList();
  }

  private static Matcher marks(String name, String page) {
    return Pattern.compile(
            "(<!-- begin " + name + " -->\n)(.*?)(<!-- end " + name + " -->)", Pattern.DOTALL)
        .matcher(page);
  }

  private static void record(String page, ResultsPage found) throws IOException {
    String written = page;
    for (Map.Entry<String, String> block : found.blocks().entrySet()) {
      written =
          marks(block.getKey(), written)
              .replaceFirst("$1" + Matcher.quoteReplacement(block.getValue()) + "$3");
    }
    Files.writeString(DOCS.resolve("results.md"), written);
    Path charts = Files.createDirectories(DOCS.resolve("charts"));
    for (String name : List.of("response-time.svg", "cpu.svg", "rules.svg")) {
      try (OutputStream out = Files.newOutputStream(charts.resolve(name))) {
        ReportFiles.of(found.article()).get(name).writeTo(out);
      }
    }
  }
}
