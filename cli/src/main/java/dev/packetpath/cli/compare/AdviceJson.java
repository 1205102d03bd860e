package dev.packetpath.cli.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.compare.Variant;
import dev.packetpath.compare.advice.Advice;
import dev.packetpath.compare.advice.BreakEven;
import dev.packetpath.compare.advice.Measure;

/** Prints advice for programs. */
final class AdviceJson {
  private AdviceJson() {}

  static void put(ObjectNode node, Advice advice) {
    node.put("sentence", advice.sentence());
    node.put("reason", advice.reason());
    ArrayNode points = node.putArray("breakEven");
    for (BreakEven point : advice.breakEven()) {
      ObjectNode object = points.addObject();
      object.put("saves", point.measure() == Measure.CPU ? "cpuCores" : "responseTimeMs");
      object.put("keepalive", point.keepalive());
      variant(object.putObject("from"), point.dearer());
      variant(object.putObject("to"), point.cheaper());
      object.put("services", Math.round(point.services()));
      object.put("atEverySize", point.everywhere());
    }
  }

  private static void variant(ObjectNode node, Variant variant) {
    node.put("mode", variant.modeName());
    node.put("layout", variant.layout());
  }
}
