package dev.packetpath.cli.compare;

import dev.packetpath.cli.chart.Ink;
import dev.packetpath.cli.chart.Series;
import dev.packetpath.compare.Variant;

/** How a variant looks in every chart: its colour and its marks. */
final class Look {
  private Look() {}

  /** Begins a series of a variant. */
  static Series.Builder series(Variant variant, String name) {
    Series.Builder series = Series.named(name).ink(ink(variant));
    switch (variant.mode()) {
      case IPTABLES -> {
        if (variant.isCurrent()) {
          series.triangles();
        }
      }
      case IPVS -> series.squares();
      case NFTABLES -> series.diamonds();
      case USERSPACE -> series.wedges();
    }
    return series;
  }

  private static Ink ink(Variant variant) {
    return switch (variant.mode()) {
      case IPTABLES -> variant.isCurrent() ? Ink.ORANGE : Ink.VERMILION;
      case IPVS -> Ink.BLUE;
      case NFTABLES -> Ink.GREEN;
      case USERSPACE -> Ink.PURPLE;
    };
  }
}
