package dev.packetpath.compare.fit;

import com.google.common.collect.ImmutableList;
import dev.packetpath.node.cost.Profile;
import java.util.Arrays;
import java.util.List;

/**
 * Fits the parameters of the published experiment, {@link FittedParameter}, on published points so
 * that the squares of what is left, each as a share of what is tolerated, have the least sum.
 */
public final class ArticleFit {
  private static final FittedParameter[] PARAMETERS = FittedParameter.values();

  /**
   * Where to start with the chunk of a sync, as factors of its value. A sync ends with what is left
   * of a chunk, so that the sum has a small dent for each whole number of chunks.
   */
  private static final double[] CHUNKS = {0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.2};

  private ArticleFit() {}

  /**
   * Returns a profile with other parameters.
   *
   * @param start the profile with values to start from, all of them above 0
   * @param points what to fit on
   */
  public static Profile fit(Profile start, List<PublishedPoint> points) {
    ArticleModel best = fit(ArticleModel.of(start), points);
    for (double factor : CHUNKS) {
      Profile profile = best.profile();
      double chunk = factor * FittedParameter.SYNC_CHUNK.of(profile);
      ArticleModel other = fit(best.with(FittedParameter.SYNC_CHUNK.with(profile, chunk)), points);
      if (squares(other, points) < squares(best, points)) {
        best = other;
      }
    }
    return best.profile();
  }

  private static double squares(ArticleModel model, List<PublishedPoint> points) {
    return residuals(model, points).stream()
        .mapToDouble(residual -> residual.ofTolerance() * residual.ofTolerance())
        .sum();
  }

  private static ArticleModel fit(ArticleModel start, List<PublishedPoint> points) {
    double[] ones = new double[PARAMETERS.length];
    Arrays.fill(ones, 1);
    double[] factors =
        LeastSquares.minimize(
            at ->
                residuals(scaled(start, at), points).stream()
                    .mapToDouble(Residual::ofTolerance)
                    .toArray(),
            ones);
    return scaled(start, factors);
  }

  private static ArticleModel scaled(ArticleModel start, double[] factors) {
    Profile profile = start.profile();
    for (int i = 0; i < PARAMETERS.length; i++) {
      double value = PARAMETERS[i].of(start.profile()) * factors[i];
      profile = PARAMETERS[i].with(profile, value);
    }
    return start.with(profile);
  }

  /** Returns what a profile predicts for points. */
  public static ImmutableList<Residual> residuals(Profile profile, List<PublishedPoint> points) {
    return residuals(ArticleModel.of(profile), points);
  }

  private static ImmutableList<Residual> residuals(
      ArticleModel model, List<PublishedPoint> points) {
    return points.stream()
        .map(point -> new Residual(point, model.predict(point)))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Returns a profile with each parameter well away from its value, from 20 % less to 10 % more: a
   * start for fits that are not to know the one before.
   */
  public static Profile aside(Profile profile) {
    Profile aside = profile;
    double factor = 0.8;
    for (FittedParameter parameter : PARAMETERS) {
      aside = parameter.with(aside, factor * parameter.of(aside));
      factor += 0.06;
    }
    return aside;
  }

  /**
   * Returns, for each point, what is predicted for it by the parameters that are fitted on all
   * others. Each fit starts aside, so that no point shows through from a fit that knew it.
   */
  public static ImmutableList<Residual> leaveOneOut(Profile start, List<PublishedPoint> points) {
    ArticleModel model = ArticleModel.of(aside(start));
    ImmutableList.Builder<Residual> left = ImmutableList.builder();
    for (PublishedPoint out : points) {
      List<PublishedPoint> others = points.stream().filter(point -> !point.equals(out)).toList();
      left.add(new Residual(out, fit(model, others).predict(out)));
    }
    return left.build();
  }
}
