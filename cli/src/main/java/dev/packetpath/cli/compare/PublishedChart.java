package dev.packetpath.cli.compare;

import dev.packetpath.compare.Row;
import java.util.Locale;

/** The charts of the article whose points are known. */
enum PublishedChart {
  RESPONSE_TIME("response time, ms", "%.3f"),
  CPU("CPU, cores", "%.4f"),
  RULES("rules to the last Service", "%,.0f");

  private final String what;
  private final String format;

  PublishedChart(String what, String format) {
    this.what = what;
    this.format = format;
  }

  /** Returns what is shown, with its unit. */
  String what() {
    return what;
  }

  /** Returns a value as a table has it. */
  String format(double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /** Returns the value of a row that the article's is to be compared with. */
  double found(Row row) {
    return switch (this) {
      case RESPONSE_TIME -> row.responseTime().mean();
      case CPU -> row.cpu().total();
      case RULES -> row.rulesPerNewConnection().serviceChainMax();
    };
  }
}
