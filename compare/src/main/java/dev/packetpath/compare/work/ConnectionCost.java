package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.cost.Cost;
import dev.packetpath.core.cost.CostModel;

/**
 * What connections cost the client's node. A connection over TCP is opened with SYN, SYN-ACK and
 * ACK, and closed with FIN, FIN-ACK and ACK; a request is one packet of the client, one of the
 * server, and the client's ACK of that.
 *
 * @param opening the first packet, in the mean over the Services that connections go to
 * @param worstOpening the first packet to the last endpoint of the last Service
 * @param walkSpreadNs how far apart the nearest and the farthest Service are in time of rules
 * @param upkeep the other packets that open and close a connection
 * @param request the packets of a request
 */
public record ConnectionCost(
    Cost opening, Cost worstOpening, double walkSpreadNs, Cost upkeep, Cost request) {
  private static final int SENT_TO_CLOSE = 2;
  private static final int RECEIVED_TO_CLOSE = 1;
  private static final int SENT_A_REQUEST = 2;
  private static final int RECEIVED_A_REQUEST = 1;

  /**
   * Prices some work. Rules that all Services share cost what {@link
   * dev.packetpath.core.cost.RuleCost#uniformNs} says; packets of open connections meet few rules,
   * which stay in the caches.
   */
  public static ConnectionCost of(PathWork work, CostModel costs) {
    double ruleNs = costs.rules().uniformNs((double) work.ruleBytes());
    return of(
        costs.costAt(work.opening(), ruleNs),
        costs.costAt(work.worstOpening(), ruleNs),
        ruleNs * Math.max(0, 2 * (PathWork.rules(work.worstOpening()) - work.rules().mean())),
        work,
        costs);
  }

  /**
   * Prices the work of connections that all go to the last Service, whose first packets walk all
   * rules one after the other and so use each again after all the others.
   */
  public static ConnectionCost toLastService(PathWork work, CostModel costs) {
    Cost opening = costs.costAt(work.worstOpening(), costs.rules().ns((double) work.ruleBytes()));
    return of(opening, opening, 0, work, costs);
  }

  private static ConnectionCost of(
      Cost opening, Cost worstOpening, double walkSpreadNs, PathWork work, CostModel costs) {
    Cost sent = inCache(work.sent(), costs);
    Cost received = inCache(work.received(), costs);
    return new ConnectionCost(
        opening,
        worstOpening,
        walkSpreadNs,
        inCache(work.handshake(), costs)
            .plus(sent.times(SENT_TO_CLOSE))
            .plus(received.times(RECEIVED_TO_CLOSE)),
        sent.times(SENT_A_REQUEST).plus(received.times(RECEIVED_A_REQUEST)));
  }

  private static Cost inCache(ImmutableSortedMap<String, Double> work, CostModel costs) {
    return costs.costAt(work, costs.rules().inCacheNs());
  }

  /** Returns the cost of a whole connection of so many requests. */
  public Cost ofConnection(int requests) {
    return opening.plus(upkeep).plus(request.times(requests));
  }
}
