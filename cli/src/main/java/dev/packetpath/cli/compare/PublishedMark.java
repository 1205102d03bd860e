package dev.packetpath.cli.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.packetpath.cli.chart.Point;
import dev.packetpath.compare.fit.PublishedPoint;
import dev.packetpath.compare.fit.PublishedPoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What one of the charts of "Comparing kube-proxy modes: iptables or IPVS?" (Tigera) shows, read
 * off the pictures: response times to ±0.008 ms, CPU to ±0.0015 core, rules to ±60. The article's
 * client Pod sent 1,000 requests a second from a node of its own to NGINX, ten endpoints a Service.
 *
 * @param chart which chart
 * @param mode whose line
 * @param keepalive requests of a connection
 * @param point the number of Services, and the value
 */
record PublishedMark(PublishedChart chart, String mode, int keepalive, Point point) {
  /** The endpoints of a Service there. */
  static final int ENDPOINTS = 10;

  /** The requests per second there. */
  static final double RATE = 1000;

  /** Returns all of them. */
  static ImmutableList<PublishedMark> all() {
    return Stream.concat(
            PublishedPoints.article2019().stream().map(PublishedMark::measured), rules())
        .collect(ImmutableList.toImmutableList());
  }

  private static PublishedMark measured(PublishedPoint point) {
    return new PublishedMark(
        switch (point.measure()) {
          case RESPONSE_MS -> PublishedChart.RESPONSE_TIME;
          case CPU_CORES -> PublishedChart.CPU;
        },
        point.mode().name().toLowerCase(Locale.ROOT),
        point.keepalive(),
        Point.of(point.services(), point.value()));
  }

  private static Stream<PublishedMark> rules() {
    try {
      return Resources.readLines(
              Resources.getResource(PublishedMark.class, "published-rules.csv"), UTF_8)
          .stream()
          .skip(1)
          .map(PublishedMark::rules);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PublishedMark rules(String line) {
    String[] fields = line.split(",", -1);
    return new PublishedMark(
        PublishedChart.RULES,
        fields[0],
        1,
        new Point(
            Double.parseDouble(fields[1]),
            Double.parseDouble(fields[2]),
            Double.parseDouble(fields[3])));
  }
}
