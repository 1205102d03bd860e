package dev.packetpath.cli.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Lists;
import dev.packetpath.cli.chart.Chart;
import dev.packetpath.cli.chart.ChartDrawing;
import dev.packetpath.cli.chart.Hover;
import dev.packetpath.cli.chart.Point;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the page's script needs to tell values under the pointer. */
final class HoverJson {
  private HoverJson() {}

  static String of(Map<String, Chart> charts) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    charts.forEach((name, chart) -> chart(root.putObject(name), chart));
    try {
      // The text stands in a script element, which a closing tag in a string would end.
      return new ObjectMapper().writeValueAsString(root).replace("<", "\\u003c");
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void chart(ObjectNode node, Chart chart) {
    Hover hover = ChartDrawing.hover(chart);
    String unit = unit(chart.yLabel());
    node.put("top", hover.top());
    node.put("bottom", hover.bottom());
    ArrayNode stops = node.putArray("stops");
    for (Hover.Stop stop : hover.stops()) {
      ObjectNode object = stops.addObject();
      object.put("title", String.format(Locale.ROOT, "%,.0f %s", stop.x(), chart.xLabel()));
      object.put("at", stop.at());
      ArrayNode values = object.putArray("values");
      List<Hover.Value> highestFirst = Lists.newArrayList(stop.values());
      highestFirst.sort(Comparator.comparingDouble(Hover.Value::at));
      for (Hover.Value value : highestFirst) {
        values
            .addObject()
            .put("name", value.series().name())
            .put("text", text(value.point(), unit))
            .put("ink", value.series().look().ink().variable())
            .put("published", value.series().look().published());
      }
    }
  }

  /** Returns the unit behind the comma of a label. */
  private static String unit(String label) {
    return switch (label.substring(label.lastIndexOf(' ') + 1)) {
      case "ms" -> " ms";
      case "cores" -> " core";
      default -> "";
    };
  }

  private static String text(Point point, String unit) {
    if (point.low() < point.high()) {
      return number(point.low(), unit) + " to " + number(point.high(), unit) + unit;
    }
    return number(point.high(), unit) + unit;
  }

  private static String number(double value, String unit) {
    return String.format(Locale.ROOT, unit.isEmpty() ? "%,.0f" : "%.3f", value);
  }
}
