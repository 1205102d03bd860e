package dev.packetpath.compare.work;

import static com.google.common.base.Preconditions.checkState;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Map;

/**
 * The work of connections for any number of Services and endpoints, learnt from small programs that
 * were run: it grows by as much for each Service before the chosen one, for each Service at all,
 * and for each endpoint before the chosen one; that the last endpoint is not drawn for adds a share
 * of one in the number of endpoints. IPVS, whose services lie in buckets, takes another one to
 * compare for each so many Services. Tests hold this to large programs.
 */
final class PathModel {
  private static final int SERVICES = 3;
  private static final String COMPARED = "ipvsServiceCompared";

  /** Enough Services for some of IPVS to share a bucket. */
  private static final int CROWD = 300;

  private final ImmutableList<Sample> samples;
  private final Sample more;
  private final int bucketPeriod;

  private PathModel(ImmutableList<Sample> samples, Sample more, int bucketPeriod) {
    this.samples = samples;
    this.more = more;
    this.bucketPeriod = bucketPeriod;
  }

  /** Runs the programs of a kind. */
  static PathModel learn(PathKind kind) {
    ImmutableList.Builder<Sample> samples = ImmutableList.builder();
    for (int endpoints = 1; endpoints <= 4; endpoints++) {
      samples.add(Sample.of(kind, SERVICES, endpoints));
    }
    int period = kind.mode() == ProxyMode.IPVS ? period(Sample.of(kind, CROWD, 1)) : 0;
    return new PathModel(samples.build(), Sample.of(kind, SERVICES + 1, 1), period);
  }

  /** Returns how many Services it takes until one shares its bucket with the next. */
  private static int period(Sample crowd) {
    int shared = 0;
    for (int service = 0; service < CROWD; service++) {
      double compared = crowd.mean(service).getOrDefault(COMPARED, 0.0);
      checkState(compared == 1 || compared == 2, "%s services compared", compared);
      shared += compared == 2 ? 1 : 0;
    }
    return CROWD - shared;
  }

  PathWork of(int services, int endpoints) {
    Sample one = samples.get(0);
    ImmutableSortedMap<String, Double> first = byEndpoints(endpoints, sample -> sample.mean(0));
    ImmutableSortedMap<String, Double> firstWorst =
        byEndpoints(endpoints, sample -> sample.worst(0));
    WorkSum perPlace = new WorkSum().add(one.mean(1), 1).add(one.mean(0), -1);
    WorkSum perService = new WorkSum().add(more.mean(0), 1).add(one.mean(0), -1);
    Map<String, Double> place = perPlace.result();
    Map<String, Double> service = perService.result();
    long others = services - (long) one.services();
    WorkSum mean =
        new WorkSum().add(first, 1).add(place, (services - 1) / 2.0).add(service, (double) others);
    WorkSum worst =
        new WorkSum().add(firstWorst, 1).add(place, services - 1.0).add(service, (double) others);
    if (bucketPeriod > 0) {
      mean.add(Map.of(COMPARED, 1.0), meanCompared(services) - 1);
      int behind = (services - 1) / bucketPeriod;
      worst.add(Map.of(COMPARED, 1.0), behind);
    }
    ImmutableSortedMap<String, Double> opening = mean.rounded();
    ImmutableSortedMap<String, Double> worstOpening = worst.rounded();
    long chainStep = one.serviceChain(1) - one.serviceChain(0);
    long bytesStep = more.ruleBytes() - one.ruleBytes();
    return new PathWork(
        opening,
        worstOpening,
        new RulesPerConnection(
            PathWork.rules(opening),
            Math.round(PathWork.rules(worstOpening)),
            one.serviceChain(0)
                + chainStep * (services - 1)
                + Math.round(worstOpening.getOrDefault("nftRuleEvaluated", 0.0))),
        one.ruleBytes() + bytesStep * others,
        one.way().handshake(),
        one.way().sent(),
        one.way().received());
  }

  /** Returns the mean of 1 + ⌊(services - i) / period⌋ over i from 1 to services. */
  private double meanCompared(int services) {
    long full = services / bucketPeriod;
    long rest = services % bucketPeriod;
    return (bucketPeriod * full * (full + 1) / 2.0 + rest * (full + 1)) / services;
  }

  /** Reads some work off a sample. */
  @FunctionalInterface
  private interface Reading {
    ImmutableSortedMap<String, Double> of(Sample sample);
  }

  /**
   * Returns a reading for a number of endpoints: a + b·endpoints + c/endpoints from 2 on, through
   * those of 2, 3 and 4.
   */
  private ImmutableSortedMap<String, Double> byEndpoints(int endpoints, Reading reading) {
    if (endpoints <= samples.size()) {
      return reading.of(samples.get(endpoints - 1));
    }
    double e = endpoints;
    return new WorkSum()
        .add(reading.of(samples.get(1)), 2 * (e - 3) * (e - 4) / (2 * e))
        .add(reading.of(samples.get(2)), -3 * (e - 2) * (e - 4) / e)
        .add(reading.of(samples.get(3)), 4 * (e - 2) * (e - 3) / (2 * e))
        .result();
  }
}
