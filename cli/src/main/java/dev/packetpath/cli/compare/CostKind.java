package dev.packetpath.cli.compare;

import dev.packetpath.cli.chart.Ink;
import dev.packetpath.compare.CpuCores;
import java.util.Locale;

/** What CPU time goes to. */
enum CostKind {
  RULES("walking rules", Ink.VERMILION),
  CONNTRACK("connection tracking", Ink.SKY),
  NAT("address translation", Ink.ORANGE),
  IPVS("IPVS", Ink.BLUE),
  SYNC("kube-proxy's syncs", Ink.PURPLE),
  BASE("the requests themselves", Ink.PALE);

  private final String text;
  private final Ink ink;

  CostKind(String text, Ink ink) {
    this.text = text;
    this.ink = ink;
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
    return switch (this) {
      case RULES -> cpu.rules();
      case CONNTRACK -> cpu.conntrack();
      case NAT -> cpu.nat();
      case IPVS -> cpu.ipvs();
      case SYNC -> cpu.sync();
      case BASE -> cpu.base();
    };
  }
}
