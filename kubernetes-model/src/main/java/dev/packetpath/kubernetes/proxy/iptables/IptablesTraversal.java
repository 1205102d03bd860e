package dev.packetpath.kubernetes.proxy.iptables;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.kubernetes.proxy.select.LocalDetector;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.RuleForm;
import dev.packetpath.kubernetes.text.RuleWriter;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts the rules that new connections from a Pod to cluster addresses meet, without a walk for
 * each: all Services share the chains around, and differ by their place in KUBE-SERVICES and by
 * their endpoints. Takes time linear in the ports.
 */
final class IptablesTraversal {
  /** The tests of KUBE-SEP: for hairpins, and the translation. */
  private static final int ENDPOINT_RULES = 2;

  private final IptablesProxy proxy;
  private final ProxyNode node;
  private final IptablesLayout layout;
  private final boolean testsOutsiders;
  private final boolean masqueraded;

  IptablesTraversal(IptablesProxy proxy, IpAddress pod, String device) {
    this.proxy = proxy;
    this.node = proxy.node();
    this.layout = proxy.layout();
    LocalDetector detector = node.localDetector();
    boolean all = node.config().masqueradeAll();
    this.testsOutsiders = all || detector.isImplemented();
    this.masqueraded = all || (detector.isImplemented() && !detector.holds(pod, device));
  }

  RulesTraversed result() {
    RulesTraversed.Tally tally = new RulesTraversed.Tally();
    RuleWriter counter = new RuleWriter(node.family(), RuleForm.SENT);
    long toElsewhere = ENDPOINT_RULES + forward() + postrouting();
    long toNode = ENDPOINT_RULES + input();
    for (ServicePlan plan : proxy.plans()) {
      long before = counter.rules();
      proxy.rulesOf(plan).services(counter);
      counter.discard();
      if (plan.hasInternal()) {
        List<Endpoint> endpoints = endpoints(plan);
        boolean keepsClients = plan.port().service().affinitySeconds() != Service.NO_AFFINITY;
        long toChoice =
            1 // the jump of PREROUTING
                + before
                + (layout.masqueradeInServices() && testsOutsiders ? 2 : 1)
                + (masqueraded ? 1 : 0)
                + testsBeforeChoice(plan)
                + (keepsClients ? endpoints.size() : 0);
        add(tally, toChoice, endpoints, toElsewhere, toNode);
      }
    }
    return tally.result();
  }

  private void add(
      RulesTraversed.Tally tally,
      long toChoice,
      List<Endpoint> endpoints,
      long toElsewhere,
      long toNode) {
    long least = Long.MAX_VALUE;
    long most = 0;
    long sum = 0;
    for (int i = 0; i < endpoints.size(); i++) {
      boolean isNode = node.addresses().contains(endpoints.get(i).address());
      long rules = toChoice + i + 1 + (isNode ? toNode : toElsewhere);
      least = Math.min(least, rules);
      most = Math.max(most, rules);
      sum += rules;
    }
    tally.add(1, least, (double) sum / endpoints.size(), most);
  }

  private static List<Endpoint> endpoints(ServicePlan plan) {
    return plan.port().isInternallyLocal() ? plan.endpoints().local() : plan.endpoints().cluster();
  }

  /** Returns the rules at the start of the Service's chain, about who is masqueraded. */
  private long testsBeforeChoice(ServicePlan plan) {
    long outsiders = testsOutsiders ? 1 : 0;
    if (layout.external() == IptablesLayout.External.EXT || plan.port().isInternallyLocal()) {
      return outsiders;
    }
    if (layout.masqueradeInServices()) {
      return 0;
    }
    boolean hasNodePort = plan.port().port().nodePort() != 0;
    return outsiders
        + (plan.port().isExternallyLocal() ? 0 : plan.externalIps().size() + (hasNodePort ? 1 : 0));
  }

  /** Returns the rules of FORWARD: marked packets are accepted in KUBE-FORWARD. */
  private long forward() {
    long rules = layout.marksDrops() ? 0 : 1 + count(proxy::unaccepted);
    rules += 3; // the jump to KUBE-FORWARD, the test of INVALID, the test of the mark
    if (masqueraded) {
      return rules;
    }
    MasqueradeRules masquerade = MasqueradeRules.of(node.config().version());
    rules += count(out -> masquerade.forwardEstablished(ChainNames.FORWARD, node, out));
    rules += 1 + count(proxy::refusedInside);
    return layout.inputServices() ? rules : rules + 1 + count(proxy::refusedOutside);
  }

  /** Returns the rules of INPUT, which a new connection to the node itself falls through. */
  private long input() {
    FilterFrame frame = new FilterFrame(node, layout);
    long rules = 1 + count(proxy::refusedOutside);
    if (frame.hasHealthChecks()) {
      rules += 1 + count(proxy::healthChecks);
    }
    if (layout.inputServices()) {
      rules += 1 + count(proxy::refusedInside);
    }
    if (!layout.marksDrops()) {
      rules += 1 + count(proxy::unaccepted);
    }
    if (layout.blocksLocalnet() || layout.marksDrops()) {
      rules += 1 + count(out -> frame.firewall(ChainNames.FIREWALL, out));
    }
    return rules;
  }

  private long postrouting() {
    boolean brief = MasqueradeRules.of(node.config().version()).brief();
    return masqueraded && !brief ? 4 : 2;
  }

  private long count(Consumer<RuleWriter> rules) {
    RuleWriter counter = new RuleWriter(node.family(), RuleForm.SENT);
    rules.accept(counter);
    return counter.rules();
  }
}
