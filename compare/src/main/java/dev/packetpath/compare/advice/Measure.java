package dev.packetpath.compare.advice;

import dev.packetpath.compare.Row;

/** What modes are compared by. */
public enum Measure {
  /** The mean response time, in milliseconds; a tenth of it matters. */
  RESPONSE_TIME {
    @Override
    public double of(Row row) {
      double mean = row.responseTime().mean();
      return Double.isNaN(mean) ? Double.POSITIVE_INFINITY : mean;
    }

    @Override
    public double matters(double better) {
      return 0.1 * better;
    }
  },
  /** CPU time, in cores; a fiftieth of a core matters. */
  CPU {
    @Override
    public double of(Row row) {
      return row.cpu().total();
    }

    @Override
    public double matters(double better) {
      return 0.02;
    }
  };

  /** Returns the value of a row; infinite where requests wait for ever. */
  public abstract double of(Row row);

  /** Returns the least saving that is worth a change, by the value of the better one. */
  public abstract double matters(double better);

  /** Returns by how much a saving is more than what matters; less than 0 if it is not. */
  double margin(Row dearer, Row cheaper) {
    double better = of(cheaper);
    if (Double.isInfinite(better)) {
      return Double.NEGATIVE_INFINITY;
    }
    return of(dearer) - better - matters(better);
  }
}
