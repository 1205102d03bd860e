package dev.packetpath.node.cost;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.cost.Cost;
import dev.packetpath.core.cost.CostKind;
import java.util.Locale;

/** Writes costs as JSON objects: nanoseconds of each kind of work, and their sum. */
public final class CostJson {
  private static final double DIGITS = 1e3;

  private CostJson() {}

  /** Writes a cost, to a thousandth of a nanosecond. */
  public static void write(Cost cost, ObjectNode out) {
    for (CostKind kind : CostKind.values()) {
      out.put(kind.name().toLowerCase(Locale.ROOT), rounded(cost.ns(kind)));
    }
    out.put("total", rounded(cost.totalNs()));
  }

  private static double rounded(double ns) {
    return Math.rint(ns * DIGITS) / DIGITS;
  }
}
