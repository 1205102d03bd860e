package dev.packetpath.compare.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rows of a file of published points, by the names of its columns. */
final class PublishedRows {
  private PublishedRows() {}

  static List<Map<String, String>> of(String file) {
    try {
      List<String> lines =
          Resources.readLines(Resources.getResource(PublishedRows.class, file), UTF_8);
      List<String> names = Splitter.on(',').splitToList(lines.get(0));
      return lines.stream()
          .skip(1)
          .map(line -> row(names, Splitter.on(',').splitToList(line)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static Map<String, String> row(List<String> names, List<String> values) {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      row.put(names.get(i), values.get(i));
    }
    return row;
  }
}
