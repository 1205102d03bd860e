package dev.packetpath.compare.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/**
 * Holds the table of docs/published-measurements.md to a new run; with {@code
 * -Dpacketpath.record=true} writes it.
 */
final class PublishedTableTest {
  private static final Path PAGE = Path.of("../docs/published-measurements.md");
  private static final String BEGIN = "<!-- begin table -->\n";
  private static final String END = "<!-- end table -->\n";
  private static final Splitter CELLS = Splitter.on('|').trimResults().omitEmptyStrings();

  /** The profiles share costs of linux-6.18, which may be measured better one day. */
  private static final Percentage NEAR = Percentage.withPercentage(5);

  @Test
  void theTableIsWhatIsFound() throws IOException {
    String page = Files.readString(PAGE);
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    String found = PublishedTable.found();
    if (Boolean.getBoolean("packetpath.record")) {
      Files.writeString(PAGE, page.substring(0, from) + found + page.substring(to));
      return;
    }
    List<String> written = page.substring(from, to).lines().toList();
    List<String> rows = found.lines().toList();
    assertThat(rows).hasSameSizeAs(written);
    for (int i = 2; i < rows.size(); i++) {
      List<String> now = CELLS.splitToList(rows.get(i));
      List<String> then = CELLS.splitToList(written.get(i));
      assertThat(now.subList(0, 2)).isEqualTo(then.subList(0, 2));
      assertThat(Double.parseDouble(now.get(2)))
          .as(now.get(0))
          .isCloseTo(Double.parseDouble(then.get(2)), NEAR);
    }
  }
}
