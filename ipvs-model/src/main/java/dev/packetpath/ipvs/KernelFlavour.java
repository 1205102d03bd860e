package dev.packetpath.ipvs;

/**
 * How kernels differ in what counts as the load of a server and when a server is overloaded
 * (include/net/ip_vs.h and ip_vs_conn.c).
 */
public enum KernelFlavour {
  /** Linux 6.1.192 and its like: active and inactive connections are kept as active and total. */
  TOTAL_CONNECTIONS {
    @Override
    int overhead(RealServer server) {
      return (server.activeConnections() << ACTIVE_SHIFT) + server.totalConnections();
    }

    @Override
    void bound(RealServer server) {
      int upper = server.upperThreshold();
      if (upper != 0 && server.totalConnections() == upper) {
        server.overloaded(true);
      }
    }

    @Override
    void unbound(RealServer server) {
      int upper = server.upperThreshold();
      if (upper != 0
          && server.totalConnections() + 1 == effectiveLower(server)
          && server.totalConnections() < upper) {
        server.overloaded(false);
      }
    }

    @Override
    void configured(RealServer server, int oldUpper, int oldLower) {
      int upper = server.upperThreshold();
      if (upper == oldUpper && server.lowerThreshold() == oldLower) {
        return;
      }
      int total = server.totalConnections();
      if (upper == 0 || total < effectiveLower(server)) {
        server.overloaded(false);
      }
      if (upper != 0 && total >= upper) {
        server.overloaded(true);
      }
    }

    private int effectiveLower(RealServer server) {
      int upper = server.upperThreshold();
      return server.lowerThreshold() != 0 ? server.lowerThreshold() : upper - (upper >> 2);
    }
  },

  /** Linux before: active and inactive connections are kept apart. */
  CLASSIC {
    @Override
    int overhead(RealServer server) {
      return (server.activeConnections() << ACTIVE_SHIFT) + server.inactiveConnections();
    }

    @Override
    void bound(RealServer server) {
      int upper = server.upperThreshold();
      if (upper != 0 && server.totalConnections() >= upper) {
        server.overloaded(true);
      }
    }

    @Override
    void unbound(RealServer server) {
      int upper = server.upperThreshold();
      int lower = server.lowerThreshold();
      long total = server.totalConnections();
      boolean low = lower != 0 ? total < lower : upper == 0 || total * 4 < upper * 3L;
      if (low) {
        server.overloaded(false);
      }
    }

    @Override
    void configured(RealServer server, int oldUpper, int oldLower) {
      int upper = server.upperThreshold();
      if (upper == 0 || upper > oldUpper) {
        server.overloaded(false);
      }
    }
  };

  private static final int ACTIVE_SHIFT = 8;

  /** Returns the load of a server as the least-connection schedulers see it, a 32-bit number. */
  abstract int overhead(RealServer server);

  /** Marks a server that a connection was just given to, if it has enough now. */
  abstract void bound(RealServer server);

  /** Clears the mark of a server that a connection has just left, if it may take more. */
  abstract void unbound(RealServer server);

  /** Sets or clears the mark after the thresholds were set. */
  abstract void configured(RealServer server, int oldUpper, int oldLower);
}
