package dev.packetpath.kubernetes.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.text.RuleWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The rules that choose among endpoints, and those of an endpoint's own chain. Not safe for use by
 * several threads.
 */
final class Balancing {
  private final int probabilityDigits;
  private final boolean comments;
  private final Map<Integer, Share> shares = new HashMap<>();

  /**
   * Creates a writer of such rules.
   *
   * @param comments whether they have comments
   */
  Balancing(int probabilityDigits, boolean comments) {
    this.probabilityDigits = probabilityDigits;
    this.comments = comments;
  }

  /** Writes the rules that keep a client with its endpoint, then those that choose one. */
  void choose(String chain, ServicePlan plan, ImmutableList<Endpoint> endpoints, RuleWriter rules) {
    keepClients(chain, plan, endpoints, rules);
    int count = endpoints.size();
    for (int i = 0; i < count; i++) {
      Endpoint endpoint = endpoints.get(i);
      RuleWriter rule = rules.append(chain);
      toEndpointComment(rule, plan, endpoint);
      if (i < count - 1) {
        oneOf(rule, count - i);
      }
      rule.jump(plan.chain(endpoint));
    }
  }

  /** Writes the rules that keep a client with the endpoint it had, if the Service wants that. */
  void keepClients(
      String chain, ServicePlan plan, ImmutableList<Endpoint> endpoints, RuleWriter rules) {
    int seconds = plan.port().service().affinitySeconds();
    if (seconds == Service.NO_AFFINITY) {
      return;
    }
    for (Endpoint endpoint : endpoints) {
      String name = plan.chain(endpoint);
      RuleWriter rule = rules.append(chain);
      toEndpointComment(rule, plan, endpoint);
      recent(rule, name, "--rcheck --seconds " + seconds + " --reap").jump(name);
    }
  }

  private void toEndpointComment(RuleWriter rule, ServicePlan plan, Endpoint endpoint) {
    if (comments) {
      rule.comment(plan.name() + " -> " + endpoint.hostPort());
    }
  }

  private static RuleWriter recent(RuleWriter rule, String list, String what) {
    String mask =
        rule.family() == IpFamily.IPV4
            ? "255.255.255.255"
            : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    return rule.match(
        "recent --name " + list + " " + what,
        "recent " + what + " --name " + list + " --mask " + mask + " --rsource");
  }

  /** Adds the test that one of so many connections passes, as the kernel keeps it: in 2^-31. */
  void oneOf(RuleWriter rule, int count) {
    Share share = shares.computeIfAbsent(count, this::share);
    rule.match(share.sent(), share.saved());
  }

  private Share share(int count) {
    String sent = String.format(Locale.ROOT, "%." + probabilityDigits + "f", 1.0 / count);
    double kept = Math.round(Double.parseDouble(sent) * 0x1p31) / 0x1p31;
    String match = "statistic --mode random --probability ";
    return new Share(match + sent, match + String.format(Locale.ROOT, "%.11f", kept));
  }

  private record Share(String sent, String saved) {}

  /** Writes the rules of an endpoint's chain. */
  void endpoint(String chain, ServicePlan plan, Endpoint endpoint, RuleWriter rules) {
    comment(rules.append(chain), plan).source(endpoint.address()).jump(ChainNames.MARK_MASQ);
    RuleWriter rule = comment(rules.append(chain), plan);
    if (plan.port().service().affinitySeconds() != Service.NO_AFFINITY) {
      recent(rule, chain, "--set");
    }
    rule.portProtocol(plan.port().protocol().toString())
        .jump("DNAT --to-destination " + endpoint.hostPort());
  }

  private RuleWriter comment(RuleWriter rule, ServicePlan plan) {
    return comments ? rule.comment(plan.name()) : rule;
  }
}
