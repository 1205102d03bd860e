package dev.packetpath.kubernetes.proxy.iptables;

import dev.packetpath.kubernetes.proxy.KubeVersion;

/**
 * What differs between the releases of kube-proxy in iptables mode, by feature.
 *
 * @param masqueradeInServices whether KUBE-SERVICES itself tells who is masqueraded, with a rule
 *     before each jump to a Service (up to 1.20), and not the Service's chain
 * @param external how traffic from outside is led
 * @param firewall how clients of a load balancer are refused
 * @param inputServices whether the filter table's INPUT visits KUBE-SERVICES, which then refuses
 *     load balancers' addresses too (up to 1.19)
 * @param healthChecks whether health checks of load balancers are let in (from 1.21, pull request
 *     97824)
 * @param externalIpsStay whether externalTrafficPolicy holds for external addresses too (from 1.18,
 *     feature gate ExternalPolicyForExternalIP)
 * @param ownTrafficPasses whether the node's own traffic may leave a KUBE-XLB chain for the
 *     Service's (from 1.15, pull request 77523)
 * @param blocksLocalnet whether kube-proxy keeps 127.0.0.0/8 from outside by a rule in
 *     KUBE-FIREWALL (from 1.27)
 * @param nodePortsAnyway whether KUBE-NODEPORTS has its rules even where no address of the node is
 *     open for node ports (from 1.27)
 * @param endpointComments whether rules about endpoints have comments in small clusters (not 1.17
 *     and 1.18)
 * @param colonForUnnamed whether the name of a port without a name ends with a colon (up to 1.17)
 * @param probabilityDigits how many decimals a probability is sent with
 */
public record IptablesLayout(
    boolean masqueradeInServices,
    External external,
    Firewall firewall,
    boolean inputServices,
    boolean healthChecks,
    boolean externalIpsStay,
    boolean ownTrafficPasses,
    boolean blocksLocalnet,
    boolean nodePortsAnyway,
    boolean endpointComments,
    boolean colonForUnnamed,
    int probabilityDigits) {

  /** How traffic from outside is led. */
  public enum External {
    /** Straight to KUBE-SVC, or to KUBE-XLB if it stays on the node (up to 1.23). */
    XLB,
    /** By a chain KUBE-EXT to KUBE-SVC or KUBE-SVL (from 1.24). */
    EXT
  }

  /** How clients of a load balancer are refused. */
  public enum Firewall {
    /**
     * KUBE-FW for each load balancer; what it does not let pass is marked and dropped (to 1.24).
     */
    MARK_DROP,
    /** KUBE-FW where there are source ranges; KUBE-PROXY-FIREWALL drops the rest (from 1.25). */
    PROXY_FIREWALL,
    /** The same, with a rule at the end of KUBE-FW that says so (from 1.27). */
    PROXY_FIREWALL_WITH_NOTE
  }

  /** Returns the layout of a release. */
  public static IptablesLayout of(KubeVersion version) {
    return new IptablesLayout(
        !version.atLeast(21),
        version.atLeast(24) ? External.EXT : External.XLB,
        version.atLeast(27)
            ? Firewall.PROXY_FIREWALL_WITH_NOTE
            : version.atLeast(25) ? Firewall.PROXY_FIREWALL : Firewall.MARK_DROP,
        !version.atLeast(20),
        version.atLeast(21),
        version.atLeast(18),
        version.atLeast(15),
        version.atLeast(27),
        version.atLeast(27),
        version.atLeast(19) || !version.atLeast(17),
        !version.atLeast(18),
        version.atLeast(17) ? 10 : 5);
  }

  /** Returns whether traffic is dropped by a mark of its own, as kubelet's chains do. */
  boolean marksDrops() {
    return firewall == Firewall.MARK_DROP;
  }
}
