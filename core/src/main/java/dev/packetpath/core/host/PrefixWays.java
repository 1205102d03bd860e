package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The prefixes of one length in a routing table: a hash table with linear probing, at most half
 * full. {@link #of} does not allocate.
 */
final class PrefixWays {
  private static final RouteWay[] FREE = {};

  private final long maskHigh;
  private final long maskLow;
  private final long[] highs;
  private final long[] lows;
  private final RouteWay[][] ways;

  PrefixWays(long maskHigh, long maskLow, Map<IpAddress, List<RouteWay>> prefixes) {
    this.maskHigh = maskHigh;
    this.maskLow = maskLow;
    int places = Integer.highestOneBit(prefixes.size()) << 2;
    this.highs = new long[places];
    this.lows = new long[places];
    this.ways = new RouteWay[places][];
    Arrays.fill(ways, FREE);
    prefixes.forEach(this::add);
  }

  private void add(IpAddress prefix, List<RouteWay> best) {
    int place = placeOf(prefix.high(), prefix.low());
    while (ways[place].length > 0) {
      place = (place + 1) & (ways.length - 1);
    }
    highs[place] = prefix.high();
    lows[place] = prefix.low();
    ways[place] = best.toArray(RouteWay[]::new);
  }

  /**
   * Returns the ways of the prefix that an address lies in, the best first; none if there is none.
   */
  RouteWay[] of(long high, long low) {
    long prefixHigh = high & maskHigh;
    long prefixLow = low & maskLow;
    int place = placeOf(prefixHigh, prefixLow);
    while (true) {
      RouteWay[] found = ways[place];
      if (found.length == 0 || (lows[place] == prefixLow && highs[place] == prefixHigh)) {
        return found;
      }
      place = (place + 1) & (ways.length - 1);
    }
  }

  /** Fibonacci hashing (Knuth: The Art of Computer Programming 3, section 6.4). */
  private int placeOf(long high, long low) {
    long mixed = (high * 0x9e37_79b9_7f4a_7c15L ^ low) * 0x9e37_79b9_7f4a_7c15L;
    return (int) (mixed >>> 32) & (ways.length - 1);
  }
}
