package dev.packetpath.cli.compare;

import dev.packetpath.cli.chart.Ink;
import dev.packetpath.compare.CpuCores;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What CPU time goes to. */
enum CostKind {
  RULES("walking rules", Ink.VERMILION, CpuCores::rules),
  CONNTRACK("connection tracking", Ink.SKY, CpuCores::conntrack),
  NAT("address translation", Ink.ORANGE, CpuCores::nat),
  IPVS("IPVS", Ink.BLUE, CpuCores::ipvs),
  SYNC("kube-proxy's syncs", Ink.PURPLE, CpuCores::sync),
  BASE("the requests themselves", Ink.PALE, CpuCores::base);

  private final String text;
  private final Ink ink;
  private final ToDoubleFunction<CpuCores> share;

  CostKind(String text, Ink ink, ToDoubleFunction<CpuCores> share) {
    this.text = text;
    this.ink = ink;
    this.share = share;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String text() {
    return text;
  }

  Ink ink() {
    return ink;
  }

  double of(CpuCores cpu) {
    return share.applyAsDouble(cpu);
  }
}
