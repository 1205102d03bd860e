package dev.packetpath.compare.lab;

import com.google.common.base.Ascii;
import dev.packetpath.compare.lab.FirstPacketLab.RoundTrip;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of docs/published-measurements.md, found anew. */
final class PublishedTable {
  private static final double NS_PER_S = 1e9;
  private static final double CLIENTS = 0.1;

  private final StringBuilder text =
      new StringBuilder("| what | published | found | off by |\n|---|---|---|---|\n");

  private PublishedTable() {}

  static String found() {
    PublishedTable table = new PublishedTable();
    table.firstPackets();
    table.closedLoop();
    table.programming();
    table.reuse();
    return table.text.toString();
  }

  private void row(String what, String published, double found) {
    double off = (found / Double.parseDouble(published) - 1) * 100;
    text.append(
        String.format(
            Locale.ROOT, "| %s | %s | %s | %+.1f%% |%n", what, published, number(found), off));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value);
  }

  private void firstPackets() {
    FirstPacketLab lab = FirstPacketLab.published();
    List<Map<String, String>> points =
        PublishedRows.of("kubeproxy_first_packet_rtt_us_public.csv").stream()
            .filter(point -> point.get("source").contains("iptables-vs-nftables"))
            .toList();
    for (ProxyMode mode : List.of(ProxyMode.IPTABLES, ProxyMode.NFTABLES)) {
      for (int services : new int[] {5_000, 10_000}) {
        RoundTrip time = lab.roundTrip(mode, services);
        for (Map<String, String> point : points) {
          if (ProxyMode.valueOf(Ascii.toUpperCase(point.get("mode"))) == mode
              && Integer.parseInt(point.get("services")) == services
              && !point.get("percentile").equals("p01")) {
            String what = "first packet, " + point.get("mode") + ", " + services + " Services, ";
            row(what + point.get("percentile") + ", us", point.get("us"), of(time, point));
          }
        }
      }
    }
  }

  private static double of(RoundTrip time, Map<String, String> point) {
    return switch (point.get("percentile")) {
      case "p50" -> time.p50();
      case "p90" -> time.p90();
      default -> time.p99();
    };
  }

  private void closedLoop() {
    ClosedLoopLab lab = ClosedLoopLab.published();
    PublishedRows.of("ucloud_ab_public.csv").stream()
        .filter(point -> point.get("phase").equals("total") && point.get("stat").equals("mean"))
        .forEach(
            point -> {
              ProxyMode mode = ProxyMode.valueOf(Ascii.toUpperCase(point.get("mode")));
              int services = Integer.parseInt(point.get("services"));
              String what = "1,000 clients of ab, " + point.get("mode") + ", " + services;
              row(what + " Services, mean, ms", point.get("ms"), lab.totalMs(mode, services));
            });
  }

  private void programming() {
    RestoreLab restore = RestoreLab.published();
    row("iptables-restore, 10,000 rules, s", "0.419", restore.restoreNs(10_000) / NS_PER_S);
    row("iptables-restore, 50,000 rules, s", "4.285", restore.restoreNs(50_000) / NS_PER_S);
    AppendLab append = AppendLab.published();
    row("iptables -A, 100 rules, s", "0.079", append.loopNs(100) / NS_PER_S);
    row("iptables -A, 1,000 rules, s", "0.815", append.loopNs(1_000) / NS_PER_S);
    row("iptables -A, 2,000 rules, s", "2.277", append.loopNs(2_000) / NS_PER_S);
  }

  private void reuse() {
    PortReuseResult result = ReuseLab.published().run(CLIENTS, 1);
    row("conn_reuse_mode 1, requests a second", "408.13", result.requestsPerSecond() / CLIENTS);
    row("conn_reuse_mode 1, connect, mean, ms", "722", result.connect().mean());
    row("conn_reuse_mode 1, connect, deviation, ms", "457.9", result.connect().deviation());
    row("conn_reuse_mode 1, connect, median, ms", "999", result.connect().median());
    row("conn_reuse_mode 1, connect, most, ms", "3009", result.connect().max());
  }
}
