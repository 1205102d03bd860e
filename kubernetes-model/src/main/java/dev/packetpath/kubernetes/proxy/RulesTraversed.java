package dev.packetpath.kubernetes.proxy;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How many rules the first packet of a connection meets, over the ports of Services and their
 * endpoints: each port is as likely as another, and so is each of its endpoints.
 *
 * @param ports how many ports, or other destinations, were looked at
 * @param least the least
 * @param mean the mean
 * @param most the most
 */
public record RulesTraversed(long ports, long least, double mean, long most) {
  /** What there is to say where no port has an endpoint. */
  public static final RulesTraversed NONE = new RulesTraversed(0, 0, 0, 0);

  /** Checks the order. */
  public RulesTraversed {
    checkArgument(least <= mean && mean <= most, "least %s, mean %s, most %s", least, mean, most);
  }

  /** Returns what is known of two groups of ports together. */
  public RulesTraversed and(RulesTraversed other) {
    if (ports == 0 || other.ports == 0) {
      return ports == 0 ? other : this;
    }
    long all = ports + other.ports;
    return new RulesTraversed(
        all,
        Math.min(least, other.least),
        (mean * ports + other.mean * other.ports) / all,
        Math.max(most, other.most));
  }

  /** Adds up ports. Not safe for use by several threads. */
  public static final class Tally {
    private long ports;
    private long least = Long.MAX_VALUE;
    private long most;
    private double sum;

    /** Creates a tally of no port. */
    public Tally() {}

    /**
     * Adds ports.
     *
     * @param count how many ports
     * @param low the rules to the nearest of their endpoints
     * @param mean the rules to their endpoints in the mean
     * @param high the rules to the farthest of their endpoints
     */
    public void add(long count, long low, double mean, long high) {
      ports += count;
      least = Math.min(least, low);
      most = Math.max(most, high);
      sum += count * mean;
    }

    /** Adds ports to all of whose endpoints as many rules lead. */
    public void add(long count, long rules) {
      add(count, rules, (double) rules, rules);
    }

    /** Returns the result. */
    public RulesTraversed result() {
      return ports == 0 ? NONE : new RulesTraversed(ports, least, sum / ports, most);
    }
  }
}
