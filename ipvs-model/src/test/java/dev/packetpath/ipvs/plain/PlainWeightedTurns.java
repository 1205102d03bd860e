package dev.packetpath.ipvs.plain;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * wrr: position -1 is before the first of the list; cw falls by g from mw to 1, then over again.
 */
final class PlainWeightedTurns implements PlainScheduler {
  private final List<PlainServer> servers;
  private int position = -1;
  private int g = 1;
  private int mw;
  private int cw;

  PlainWeightedTurns(List<PlainServer> servers) {
    this.servers = servers;
  }

  @Override
  public Optional<PlainServer> choose(int client, int clientPort, int destination) {
    if (mw == 0) {
      return Optional.empty();
    }
    int start = position;
    int stop = -1;
    boolean lastPass = false;
    boolean restarted = false;
    while (true) {
      for (position++; position < servers.size(); position++) {
        PlainServer server = servers.get(position);
        if (!server.full && server.weight >= cw) {
          return Optional.of(server);
        }
        if (position == stop) {
          return Optional.empty();
        }
      }
      position = -1;
      cw -= g;
      if (cw <= 0) {
        cw = mw;
        if (lastPass || start == -1) {
          return Optional.empty();
        }
        restarted = true;
      }
      lastPass = cw <= g;
      if (lastPass && restarted && start != -1) {
        stop = start;
      }
    }
  }

  @Override
  public void listChanged() {
    position = -1;
    BigInteger divisor = BigInteger.ZERO;
    int most = 0;
    for (PlainServer server : servers) {
      divisor = divisor.gcd(BigInteger.valueOf(server.weight));
      most = Math.max(most, server.weight);
    }
    g = divisor.signum() == 0 ? 1 : divisor.intValueExact();
    mw = most - (g - 1);
    if (cw > mw || cw == 0) {
      cw = mw;
    } else if (g > 1) {
      cw = cw / g * g + 1;
    }
  }

  @Override
  public void edited() {
    listChanged();
  }
}
