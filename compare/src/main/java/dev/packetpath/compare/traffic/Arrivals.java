package dev.packetpath.compare.traffic;

import static com.google.common.base.Preconditions.checkArgument;

/** When requests come. */
public sealed interface Arrivals {
  /**
   * Requests of many clients that know nothing of one another: a Poisson process.
   *
   * @param perSecond requests per second, more than 0, at most 1e8
   */
  record Poisson(double perSecond) implements Arrivals {
    /** Checks the range. */
    public Poisson {
      checkRate(perSecond);
    }
  }

  /**
   * Requests at equal intervals, as a load generator with a clock sends them.
   *
   * @param perSecond requests per second, more than 0, at most 1e8
   */
  record Paced(double perSecond) implements Arrivals {
    /** Checks the range. */
    public Paced {
      checkRate(perSecond);
    }
  }

  /**
   * A fixed number of clients of which each sends its next request once the last one is answered
   * and it has thought about it.
   *
   * @param clients how many, 1 to 10 million
   * @param thinkTime from an answer to the next request
   */
  record Closed(int clients, Distribution thinkTime) implements Arrivals {
    /** Checks the range. */
    public Closed {
      checkArgument(
          clients >= 1 && clients <= 10_000_000, "clients: %s, expected 1 to 10000000", clients);
    }
  }

  /**
   * Checks a rate.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  static void checkRate(double perSecond) {
    checkArgument(
        perSecond > 0 && perSecond <= 1e8,
        "requests per second: %s, expected more than 0, at most 1e8",
        perSecond);
  }
}
