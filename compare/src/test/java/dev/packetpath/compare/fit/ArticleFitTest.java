package dev.packetpath.compare.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Page;
import dev.packetpath.compare.fit.PublishedPoint.Measure;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArticleFitTest {
  private static final Profile SHIPPED = Profiles.shipped("article-2019");
  private static final ImmutableList<PublishedPoint> POINTS = PublishedPoints.article2019();
  private static final Profile FITTED = ArticleFit.fit(ArticleFit.aside(SHIPPED), POINTS);
  private static final ImmutableList<Residual> LEFT_OUT = ArticleFit.leaveOneOut(FITTED, POINTS);

  @Test
  void theShippedProfileIsTheFitWhereverItStarts() {
    for (FittedParameter parameter : FittedParameter.values()) {
      assertThat(parameter.of(SHIPPED))
          .as(parameter.name())
          .isCloseTo(parameter.of(FITTED), within(0.004 * parameter.of(FITTED)));
    }
  }

  @Test
  void thePageTellsWhatIsLeft() throws IOException {
    new Page("article-2019.md")
        .holds(
            "fit", FitReport.of(SHIPPED, FITTED, ArticleFit.residuals(FITTED, POINTS), LEFT_OUT));
  }

  @Test
  void theSixParametersAreAllThatTheProfileCallsFitted() {
    assertThat(SHIPPED.fitted())
        .containsExactlyInAnyOrder(
            "requestTime", "setUpTime", "connectionCpu", "syncChunk", "rules", "sync.service");
    assertThat(FittedParameter.values()).hasSize(6);
  }

  @Test
  void everyPublishedPointIsWithinItsTolerance() {
    assertThat(ArticleFit.residuals(SHIPPED, POINTS))
        .hasSize(24)
        .allSatisfy(
            residual ->
                assertThat(Math.abs(residual.ofTolerance())).as("%s", residual).isLessThan(1));
  }

  @Test
  void aPointThatIsLeftOutIsPredictedWithinFivePercent() {
    assertThat(LEFT_OUT)
        .hasSize(24)
        .allSatisfy(
            residual ->
                assertThat(Math.abs(residual.relative())).as("%s", residual).isLessThan(0.05));
  }

  @ParameterizedTest
  @EnumSource(FittedParameter.class)
  void noParameterIsSuperfluous(FittedParameter parameter) {
    Profile without = parameter.with(SHIPPED, 1e-3 * parameter.of(SHIPPED));
    assertThat(ArticleFit.residuals(without, POINTS))
        .anySatisfy(residual -> assertThat(Math.abs(residual.ofTolerance())).isGreaterThan(2));
  }

  @Test
  void brokenPointsAreToldWithTheirLine() {
    assertThatThrownBy(() -> read("measure,mode,keepalive,services,value\nresponse-ms,ipvs,1\n"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("p.csv:2:1")
        .hasMessageContaining("3 fields");
    assertThatThrownBy(
            () -> read("measure,mode,keepalive,services,value\nresponse-ms,ebpf,1,10,1.3\n"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("p.csv:2:1")
        .hasMessageContaining("ebpf");
    assertThatThrownBy(() -> read("")).isInstanceOf(SyntaxException.class);
  }

  private static ImmutableList<PublishedPoint> read(String text) throws IOException {
    return PublishedPoints.read("p.csv", new StringReader(text));
  }

  @Test
  void thePointsAreThoseOfTheCharts() {
    assertThat(POINTS.stream().filter(point -> point.measure() == Measure.CPU_CORES)).hasSize(8);
    assertThat(POINTS.stream().filter(point -> point.keepalive() == 100)).hasSize(8);
  }
}
