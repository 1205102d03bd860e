package dev.packetpath.compare.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.fit.FittedParameter;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every claim of the article to the experiment, and docs/claims.md to what is found; with
 * {@code -Dpacketpath.record=true} writes the tables of that page instead.
 */
final class ClaimsTest {
  private static final Path PAGE = Path.of("..", "docs", "claims.md");
  private static final Pattern NUMBER = Pattern.compile("[0-9][0-9,]*(?:\\.[0-9]+)?");
  private static final ArticleRun RUN = ArticleRun.simulated(Profiles.shipped("article-2019"));
  private static final Map<String, Finding> FINDINGS = new LinkedHashMap<>();

  static ImmutableList<Claim> claims() {
    return Stream.of(PathClaims.all(), CostClaims.all())
        .flatMap(List::stream)
        .sorted(Comparator.comparingInt(claim -> Integer.parseInt(claim.id().substring(1))))
        .collect(ImmutableList.toImmutableList());
  }

  private static Finding finding(Claim claim) {
    return FINDINGS.computeIfAbsent(claim.id(), id -> claim.in(RUN));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void theClaimHolds(Claim claim) {
    Finding finding = finding(claim);
    assertThat(finding.holds()).as("%s: %s", claim.text(), finding.found()).isTrue();
  }

  @Test
  void thereAreTwentySevenClaims() {
    assertThat(claims()).extracting(Claim::id).doesNotHaveDuplicates().hasSize(27);
  }

  /** Each parameter is needed: some claim fails when it is a quarter more, and when it is less. */
  @ParameterizedTest
  @MethodSource("dev.packetpath.compare.claims.ClaimsTest#parameters")
  void anotherValueOfAParameterBreaksAClaim(FittedParameter parameter) {
    assertThat(broken(parameter, 1.25)).isNotEmpty();
    assertThat(broken(parameter, 0.75)).isNotEmpty();
  }

  static FittedParameter[] parameters() {
    return FittedParameter.values();
  }

  private static List<String> broken(FittedParameter parameter, double factor) {
    Profile shipped = RUN.profile();
    ArticleRun other = RUN.with(parameter.with(shipped, factor * parameter.of(shipped)));
    return CostClaims.all().stream()
        .filter(claim -> !claim.id().equals("C8"))
        .filter(claim -> !claim.in(other).holds())
        .map(Claim::id)
        .toList();
  }

  @Test
  void thePageTellsWhatIsFound() throws IOException {
    Map<String, String> found = Map.of("claims", claimsTable(), "parameters", parametersTable());
    String page = Files.readString(PAGE);
    if (Boolean.getBoolean("packetpath.record")) {
      for (Map.Entry<String, String> table : found.entrySet()) {
        page =
            marks(table.getKey(), page)
                .replaceFirst("$1" + Matcher.quoteReplacement(table.getValue()) + "$3");
      }
      Files.writeString(PAGE, page);
      return;
    }
    for (Map.Entry<String, String> table : found.entrySet()) {
      Matcher marks = marks(table.getKey(), page);
      assertThat(marks.find()).as(table.getKey()).isTrue();
      assertSame(marks.group(2), table.getValue());
    }
  }

  private static Matcher marks(String name, String page) {
    return Pattern.compile(
            "(<!-- begin " + name + " -->\n)(.*?)(<!-- end " + name + " -->)", Pattern.DOTALL)
        .matcher(page);
  }

  private static String claimsTable() {
    StringBuilder table = new StringBuilder("| | claim | found |\n|---|---|---|\n");
    for (Claim claim : claims()) {
      Finding finding = finding(claim);
      table.append(
          String.format(
              "| %s | %s | %s%s |%n",
              claim.id(), claim.text(), finding.holds() ? "" : "**not so** ", finding.found()));
    }
    return table.toString();
  }

  private static String parametersTable() {
    StringBuilder table =
        new StringBuilder("| parameter | breaks when a quarter less | more |\n|---|---|---|\n");
    for (FittedParameter parameter : FittedParameter.values()) {
      table.append(
          String.format(
              "| %s | %s | %s |%n",
              parameter,
              String.join(", ", broken(parameter, 0.75)),
              String.join(", ", broken(parameter, 1.25))));
    }
    return table.toString();
  }

  private static void assertSame(String told, String found) {
    assertThat(NUMBER.matcher(told).replaceAll("N"))
        .isEqualTo(NUMBER.matcher(found).replaceAll("N"));
    List<String> toldLines = Splitter.on('\n').splitToList(told);
    List<String> foundLines = Splitter.on('\n').splitToList(found);
    for (int line = 0; line < toldLines.size(); line++) {
      List<Double> toldNumbers = numbers(toldLines.get(line));
      List<Double> foundNumbers = numbers(foundLines.get(line));
      for (int i = 0; i < toldNumbers.size(); i++) {
        // Another processor's logarithms may change a last digit.
        assertThat(toldNumbers.get(i))
            .as(toldLines.get(line))
            .isCloseTo(foundNumbers.get(i), within(0.03 * foundNumbers.get(i) + 0.0011));
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
