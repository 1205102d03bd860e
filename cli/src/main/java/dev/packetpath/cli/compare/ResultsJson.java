package dev.packetpath.cli.compare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.compare.CpuCores;
import dev.packetpath.compare.ResponseTime;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.compare.Variant;
import java.math.BigDecimal;
import java.math.MathContext;

/** Prints results for programs. */
public final class ResultsJson {
  private static final MathContext DIGITS = new MathContext(9);

  private ResultsJson() {}

  /** Returns the JSON text. */
  public static String of(Report report) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("profile", report.result().profile());
    ArrayNode rows = root.putArray("rows");
    report.result().rows().forEach(row -> row(rows.addObject(), row));
    ArrayNode calico = root.putArray("calico");
    report
        .calico()
        .forEach(
            rules -> {
              ObjectNode node = calico.addObject();
              node.put("services", rules.services());
              ObjectNode counts = node.putObject("rulesPerNewConnection");
              number(counts, "mean", rules.mean());
              counts.put("max", rules.max());
            });
    AdviceJson.put(root.putObject("advice"), report.advice());
    root.put("command", report.command());
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void row(ObjectNode node, Row row) {
    Variant variant = Variant.of(row.configuration());
    node.put("mode", variant.modeName());
    node.put("layout", variant.layout());
    node.put("keepalive", row.configuration().keepalive());
    node.put("services", row.configuration().services());
    node.put("endpoints", row.configuration().endpoints());
    number(node, "requestsPerSecond", row.configuration().requestsPerSecond());
    if (row.configuration().calico()) {
      node.put("cni", "calico");
    }
    ResponseTime time = row.responseTime();
    ObjectNode times = node.putObject("responseTimeMs");
    number(times, "mean", time.mean());
    number(times, "p50", time.p50());
    number(times, "p90", time.p90());
    number(times, "p99", time.p99());
    CpuCores cpu = row.cpu();
    ObjectNode cores = node.putObject("cpuCores");
    number(cores, "total", cpu.total());
    for (CostKind kind : CostKind.values()) {
      number(cores, kind.key(), kind.of(cpu));
    }
    RulesPerConnection rules = row.rulesPerNewConnection();
    ObjectNode fresh = node.putObject("rulesPerNewConnection");
    number(fresh, "mean", rules.mean());
    fresh.put("max", rules.max());
    fresh.put("serviceChainMax", rules.serviceChainMax());
    number(node.putObject("rulesPerEstablishedPacket"), "mean", row.rulesPerEstablishedPacket());
  }

  /** Puts a number with nine digits, whole ones without a point, none where there is none. */
  private static void number(ObjectNode node, String key, double value) {
    if (!Double.isFinite(value)) {
      node.putNull(key);
    } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      node.put(key, Math.round(value));
    } else {
      node.put(key, new BigDecimal(value).round(DIGITS).doubleValue());
    }
  }
}
