package dev.packetpath.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ResultsTextTest {
  private final List<String> lines =
      ResultsText.of(MadeUp.report(), text -> "*" + text + "*").lines().toList();

  @Test
  void aTableForEachWorkload() {
    assertThat(lines)
        .contains("*A new connection for each request*", "*100 requests a connection*");
    assertThat(lines)
        .anyMatch(line -> line.matches("  mode +Services +mean +p90 +p99 +total +rules .*"))
        .anyMatch(line -> line.matches("  iptables 1\\.20 +10 +1\\.377 .*"))
        .anyMatch(line -> line.matches(" +10,000 +4\\.973 .*"));
  }

  @Test
  void rulesOfNewConnectionsStandOnceForAllWorkloads() {
    int rules = lines.indexOf("*Rules that a new connection meets*");
    assertThat(rules).isGreaterThan(lines.indexOf("*100 requests a connection*"));
    List<String> behind = lines.subList(rules, lines.size());
    assertThat(behind)
        .anyMatch(line -> line.matches("  mode +Services +mean +most +in list"))
        .anyMatch(line -> line.matches(" +10,000 +10,012\\.0 +20,020 +20,000"));
    assertThat(lines).filteredOn(line -> line.endsWith("  20,020   20,000")).hasSize(1);
  }

  @Test
  void columnsThatDoNotExplainThemselvesHaveALegend() {
    assertThat(String.join(" ", lines))
        .contains("base for the requests themselves")
        .contains("in list: of them those of the list of all Services");
  }

  @Test
  void overloadIsExplainedWhereItIsTold() {
    assertThat(lines).noneMatch(line -> line.contains("overload"));
    assertThat(ResultsText.of(MadeUp.overloaded(), text -> text))
        .contains("  overload  ", "overload: more is asked for than can be done");
  }

  @Test
  void noLineIsWiderThanATerminalOf110Columns() {
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(110));
  }

  @Test
  void columnsAreAligned() {
    List<String> table =
        lines.stream().filter(line -> line.matches(".*\\d\\.\\d{3}  .*")).limit(24).toList();
    assertThat(table).hasSize(24);
    assertThat(table.stream().map(String::length).distinct()).hasSize(1);
  }

  @Test
  void breakEvenAndAdviceStandAtTheEnd() {
    assertThat(lines)
        .anyMatch(line -> line.matches("  ipvs instead of iptables 1\\.20 +480 +860 +- +-"));
    assertThat(lines).anyMatch(line -> line.matches("\\*Up to about .* use nftables\\.\\*"));
    assertThat(lines.get(lines.size() - 1)).endsWith("connections meet no rules of Services.");
    assertThat(lines.subList(lines.size() - 4, lines.size()))
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    assertThat(lines)
        .anyMatch(
            line ->
                line.startsWith("Calico's own rules")
                    && line.contains("meets 51 in the mean, 58 at most"));
  }
}
