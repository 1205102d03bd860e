package dev.packetpath.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportFilesTest {
  private final ImmutableMap<String, ReportFiles.Content> files = ReportFiles.of(MadeUp.report());

  @Test
  void resultsChartsAndThePageAreThere() {
    assertThat(files.keySet())
        .containsExactlyInAnyOrder(
            "results.json",
            "results.csv",
            "report.html",
            "response-time.svg",
            "response-time.png",
            "cpu.svg",
            "cpu.png",
            "rules.svg",
            "rules.png");
  }

  @Test
  void theCsvHasANumberInEachColumnOfEachRow() throws IOException {
    List<String> lines = text("results.csv").lines().toList();
    assertThat(lines).hasSize(1 + 6 * 2 * 4);
    int columns = Splitter.on(',').splitToList(lines.get(0)).size();
    assertThat(lines.subList(1, lines.size()))
        .allSatisfy(line -> assertThat(Splitter.on(',').splitToList(line)).hasSize(columns));
    assertThat(lines.get(25))
        .startsWith("\"made-up <1>\",iptables,1.20,false,1,1000,10,1000.0,")
        .endsWith(",1012.0,2020,2000,2.0");
  }

  @Test
  void publishedPointsAreInTheCharts() throws IOException {
    // Hollow marks: 4 sizes of two modes with and without keepalive, and one of the legend.
    assertThat(hollowMarks("response-time.svg")).isEqualTo(4 * 4 + 1);
    assertThat(hollowMarks("cpu.svg")).isEqualTo(4 * 2 + 1);
    // At 10 Services, and of Calico everywhere, only a range can be read off the article's chart.
    assertThat(hollowMarks("rules.svg")).isEqualTo(3 + 1);
    assertThat(text("rules.svg")).contains(">Calico<");
  }

  @Test
  void theChartNamesTheModesThatAreOverloaded() throws IOException {
    assertThat(text("response-time.svg")).doesNotContain("overload");
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    ReportFiles.of(MadeUp.overloaded()).get("response-time.svg").writeTo(svg);
    assertThat(svg.toString(StandardCharsets.UTF_8))
        .contains("; overload where no line is: nftables");
  }

  /** A caption would be as wide as the table, which is wider than the page. */
  @Test
  void theColumnsOfAllFiguresAreExplainedInAParagraph() throws IOException {
    assertThat(text("report.html"))
        .containsPattern("<p class=\"under\">[^<]*base for the requests[^<]*in list: [^<]*</p>");
  }

  @Test
  void theTableOfPublishedPointsStandsBesideWhatWasFound() throws IOException {
    assertThat(text("report.html"))
        .contains("<td>iptables 1.20</td><td>response time, ms</td><td>1</td><td>10,000</td>")
        .contains("<td>4.299</td><td>4.973</td><td>+15.7%</td>")
        .contains("<td>19,995</td><td>20,000</td><td>+0.0%</td>");
  }

  @Test
  void thePageNeedsNothingElse() throws IOException {
    assertThat(text("report.html"))
        .contains("default-src 'none'")
        .doesNotContain("src=", "href=", "url(", "@import", "fetch(");
  }

  private int hollowMarks(String name) throws IOException {
    return Splitter.on("style=\"fill:none;stroke:var(").splitToList(text(name)).size() - 1;
  }

  private String text(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    files.get(name).writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
