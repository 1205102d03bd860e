package dev.packetpath.cli.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.packetpath.cli.chart.Point;
import dev.packetpath.compare.fit.PublishedPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A point of the charts of "Comparing kube-proxy modes: iptables or IPVS?" (Tigera), read off the
 * pictures: response times to ±0.008 ms, CPU to ±0.0015 core, rules to ±60. The article's client
 * Pod sent 1,000 requests a second from a node of its own to NGINX, ten endpoints a Service.
 *
 * @param chart which chart: 1 response time, 2 CPU, 3 rules
 * @param mode whose line
 * @param keepalive requests of a connection
 * @param point the number of Services, and the value
 */
record PublishedPoint(int chart, String mode, int keepalive, Point point) {
  /** The endpoints of a Service there. */
  static final int ENDPOINTS = 10;

  /** The requests per second there. */
  static final double RATE = 1000;

  /** Returns all points. */
  static ImmutableList<PublishedPoint> all() {
    return Stream.concat(
            PublishedPoints.article2019().stream().map(PublishedPoint::measured), rules())
        .collect(ImmutableList.toImmutableList());
  }

  private static PublishedPoint measured(dev.packetpath.compare.fit.PublishedPoint point) {
    return new PublishedPoint(
        switch (point.measure()) {
          case RESPONSE_MS -> 1;
          case CPU_CORES -> 2;
        },
        point.mode().name().toLowerCase(Locale.ROOT),
        point.keepalive(),
        Point.of(point.services(), point.value()));
  }

  private static Stream<PublishedPoint> rules() {
    try {
      return Resources.readLines(
              Resources.getResource(PublishedPoint.class, "published-rules.csv"), UTF_8)
          .stream()
          .skip(1)
          .map(PublishedPoint::rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PublishedPoint rules(String line) {
    String[] fields = line.split(",", -1);
    return new PublishedPoint(
        3,
        fields[0],
        1,
        new Point(
            Double.parseDouble(fields[1]),
            Double.parseDouble(fields[2]),
            Double.parseDouble(fields[3])));
  }
}
