package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.packetpath.cli.chart.Point;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

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
    try {
      return Resources.readLines(
              Resources.getResource(PublishedPoint.class, "published.csv"), StandardCharsets.UTF_8)
          .stream()
          .skip(1)
          .map(PublishedPoint::parse)
          .collect(ImmutableList.toImmutableList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PublishedPoint parse(String line) {
    String[] fields = line.split(",", -1);
    return new PublishedPoint(
        Integer.parseInt(fields[0].substring("chart".length())),
        fields[1],
        Integer.parseInt(fields[2]),
        new Point(
            Double.parseDouble(fields[3]),
            Double.parseDouble(fields[4]),
            Double.parseDouble(fields[5])));
  }
}
