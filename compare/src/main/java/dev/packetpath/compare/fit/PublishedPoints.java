package dev.packetpath.compare.fit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharStreams;
import dev.packetpath.compare.fit.PublishedPoint.Measure;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Reads published points: lines of measure, mode, requests a connection, Services and value. */
public final class PublishedPoints {
  private static final String HEADER = "measure,mode,keepalive,services,value";
  private static final String SHIPPED = "article-2019.csv";

  private static final ImmutableMap<String, Measure> MEASURES =
      ImmutableMap.of("response-ms", Measure.RESPONSE_MS, "cpu-cores", Measure.CPU_CORES);

  private static final ImmutableMap<String, ProxyMode> MODES =
      ImmutableMap.of("iptables", ProxyMode.IPTABLES, "ipvs", ProxyMode.IPVS);

  private PublishedPoints() {}

  /** Returns the points of "Comparing kube-proxy modes: iptables or IPVS?" (Tigera, 2019). */
  public static ImmutableList<PublishedPoint> article2019() {
    try (InputStream bytes = PublishedPoints.class.getResourceAsStream(SHIPPED)) {
      if (bytes == null) {
        throw new AssertionError("no resource " + SHIPPED);
      }
      return read(SHIPPED, new InputStreamReader(bytes, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(SHIPPED, e);
    }
  }

  /**
   * Reads points.
   *
   * @param file what the text is called in errors
   * @param text the lines, the names of their columns first
   * @throws SyntaxException if a line is none of a point
   * @throws IOException if the reader fails
   */
  public static ImmutableList<PublishedPoint> read(String file, Reader text) throws IOException {
    List<String> lines = CharStreams.readLines(text);
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      String found = lines.isEmpty() ? "an empty text" : "\"" + lines.get(0) + "\"";
      throw new SyntaxException(file, 1, 1, found, HEADER);
    }
    ImmutableList.Builder<PublishedPoint> points = ImmutableList.builder();
    for (int i = 1; i < lines.size(); i++) {
      points.add(point(lines.get(i), file, i + 1));
    }
    return points.build();
  }

  private static PublishedPoint point(String line, String file, int number) {
    List<String> fields = Splitter.on(',').splitToList(line);
    if (fields.size() != 5) {
      throw new SyntaxException(file, number, 1, fields.size() + " fields", "5: " + HEADER);
    }
    try {
      return new PublishedPoint(
          named(MEASURES, fields.get(0)),
          named(MODES, fields.get(1)),
          Integer.parseInt(fields.get(2)),
          Integer.parseInt(fields.get(3)),
          Double.parseDouble(fields.get(4)));
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(file, number, 1, "\"" + line + "\"", "a point: " + HEADER);
    }
  }

  private static <T> T named(Map<String, T> names, String name) {
    T value = names.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name);
    }
    return value;
  }
}
