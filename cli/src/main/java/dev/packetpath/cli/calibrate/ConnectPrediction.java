package dev.packetpath.cli.calibrate;

import dev.packetpath.core.cost.CostModel;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.node.cost.Profile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What a profile says that connect() takes from a Pod to Services that are all as likely: the time
 * without rules, and what the handshake's three packets cost more. Belongs to one thread.
 */
final class ConnectPrediction {
  /** The figure of the laboratory that has the time without rules. */
  static final String TCP_CONNECT = "tcpConnect";

  private final Profile profile;
  private final ConnectionWork withoutRules;
  private final Map<KubeVersion, ConnectionWork> byVersion = new HashMap<>();

  ConnectPrediction(Profile profile) throws IOException {
    this.profile = profile;
    this.withoutRules = ConnectionWork.through("");
  }

  /**
   * Returns nanoseconds.
   *
   * @param version the release of kube-proxy
   * @param services how many Services there are
   * @param rules how many rules the first packet of a connection meets
   */
  double ns(KubeVersion version, int services, RulesTraversed rules) {
    CostModel costs = profile.costs();
    long bytes = ruleBytes(services, rules);
    double ruleNs = costs.rules().uniformNs((double) bytes);
    double more =
        costs.costAt(work(version).withRules(rules.mean()).work(), ruleNs).totalNs()
            - costs.costAt(withoutRules.work(), ruleNs).totalNs();
    return profile.lab().nanoseconds(TCP_CONNECT) + more;
  }

  private ConnectionWork work(KubeVersion version) {
    return byVersion.computeIfAbsent(version, ConnectionWork::toServices);
  }

  /** Returns the bytes of the list of Services. */
  static long ruleBytes(int services, RulesTraversed rules) {
    long listed = rules.most() - rules.least() - (ServiceConnections.ENDPOINTS - 1);
    long aService = services == 1 ? 1 : Math.round((double) listed / (services - 1));
    return aService * services * RuleCurve.RULE_BYTES;
  }
}
