package dev.packetpath.ipvs.scheduler;

import dev.packetpath.ipvs.RealServer;
import java.util.Arrays;

/**
 * The slots of a hashing scheduler, each of which leads to a server and holds it. A slot is one
 * byte, with more than 255 servers two: the server's place on the list. What a look-up takes when
 * many services are asked in turn is its cache misses, and references would spread the slots over
 * four or eight times as many cache lines.
 *
 * <p>Hot: {@link #get}.
 */
final class SlotTable {
  private static final int LOW_BITS = 8;
  private static final int LOW_MASK = (1 << LOW_BITS) - 1;
  private static final byte[] ALL_ZERO = {};
  private static final RealServer[] NO_SERVERS = {RealServer.NONE};

  private final byte[] low;

  /** The upper eight bits of the places. */
  private byte[] high = ALL_ZERO;

  /** The servers from place 1 on; at place 0 the one that is none. */
  private RealServer[] servers = NO_SERVERS;

  /** Creates slots that lead nowhere. */
  SlotTable(int slots) {
    low = new byte[slots];
  }

  /** Returns the number of slots. */
  int size() {
    return low.length;
  }

  /** Returns the server of a slot, {@link RealServer#NONE} if it leads nowhere. */
  RealServer get(int slot) {
    int place = low[slot] & LOW_MASK;
    if (high.length != 0) {
      place |= (high[slot] & LOW_MASK) << LOW_BITS;
    }
    return servers[place];
  }

  /** Returns the server at a place. */
  RealServer server(int place) {
    return servers[place];
  }

  /**
   * Lets go of all servers, then gives those of a service their places: 1 to the one added last.
   * Only as many as there are slots get one.
   */
  void restart(SchedulerContext service) {
    clear();
    servers = new RealServer[1 + Math.min(service.size(), low.length)];
    servers[0] = RealServer.NONE;
    RealServer server = service.head();
    for (int place = 1; place < servers.length; place++) {
      server = server.next();
      servers[place] = server;
    }
    if (servers.length > LOW_MASK + 1) {
      high = new byte[low.length];
    }
  }

  /** Lets a slot lead to the server at a place. It led nowhere before. */
  void set(int slot, int place) {
    low[slot] = (byte) place;
    if (high.length != 0) {
      high[slot] = (byte) (place >>> LOW_BITS);
    }
    servers[place].hold();
  }

  /** Lets go of all servers: no slot leads anywhere. */
  void clear() {
    for (int slot = 0; slot < low.length; slot++) {
      RealServer server = get(slot);
      if (server.exists()) {
        server.release();
      }
    }
    Arrays.fill(low, (byte) 0);
    high = ALL_ZERO;
    servers = NO_SERVERS;
  }
}
