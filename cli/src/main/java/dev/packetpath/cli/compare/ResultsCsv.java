package dev.packetpath.cli.compare;

import com.google.common.base.Joiner;
import dev.packetpath.compare.ResponseTime;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.compare.Variant;
import java.util.ArrayList;
import java.util.List;

/** Prints results for spreadsheets: one line a row, numbers with a point. */
final class ResultsCsv {
  private static final String HEADER =
      "profile,mode,layout,calico,keepalive,services,endpoints,requests_per_second,"
          + "response_mean_ms,response_p50_ms,response_p90_ms,response_p99_ms,"
          + "cpu_total_cores,cpu_rules_cores,cpu_conntrack_cores,cpu_nat_cores,cpu_ipvs_cores,"
          + "cpu_sync_cores,cpu_base_cores,"
          + "rules_new_connection_mean,rules_new_connection_max,rules_service_chain_max,"
          + "rules_established_packet_mean\n";

  private ResultsCsv() {}

  static String of(Report report) {
    StringBuilder out = new StringBuilder(HEADER);
    for (Row row : report.result().rows()) {
      Joiner.on(',').appendTo(out, fields(report.result().profile(), row)).append('\n');
    }
    return out.toString();
  }

  private static List<Object> fields(String profile, Row row) {
    Variant variant = Variant.of(row.configuration());
    List<Object> fields = new ArrayList<>();
    fields.add(quoted(profile));
    fields.add(variant.modeName());
    fields.add(variant.layout());
    fields.add(row.configuration().calico());
    fields.add(row.configuration().keepalive());
    fields.add(row.configuration().services());
    fields.add(row.configuration().endpoints());
    fields.add(row.configuration().requestsPerSecond());
    ResponseTime time = row.responseTime();
    fields.addAll(List.of(time.mean(), time.p50(), time.p90(), time.p99()));
    fields.add(row.cpu().total());
    for (CostKind kind : CostKind.values()) {
      fields.add(kind.of(row.cpu()));
    }
    RulesPerConnection rules = row.rulesPerNewConnection();
    fields.addAll(List.of(rules.mean(), rules.max(), rules.serviceChainMax()));
    fields.add(row.rulesPerEstablishedPacket());
    return fields;
  }

  private static String quoted(String text) {
    return text.matches("[\\w. -]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
  }
}
