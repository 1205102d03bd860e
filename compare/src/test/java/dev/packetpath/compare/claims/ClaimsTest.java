package dev.packetpath.compare.claims;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Page;
import dev.packetpath.compare.fit.FittedParameter;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every claim of the article to the experiment, and docs/claims.md to what is found; with
 * {@code -Dpacketpath.record=true} writes the tables of that page instead.
 */
final class ClaimsTest {
  private static final Page PAGE = new Page("claims.md");
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
    PAGE.holds("claims", claimsTable());
    PAGE.holds("parameters", parametersTable());
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
}
