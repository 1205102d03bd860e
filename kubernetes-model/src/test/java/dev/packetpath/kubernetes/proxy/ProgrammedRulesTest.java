package dev.packetpath.kubernetes.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.FlowCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Details of what is programmed that no flow shows, against kubernetes pkg/proxy. */
final class ProgrammedRulesTest {
  private static List<String> lines(ProxyConfig.Builder config, String file) throws IOException {
    return ProgramText.lines(NodeProgram.of(FlowCluster.dualStack(), "n1", config.build()), file);
  }

  private static ProxyConfig.Builder mode(ProxyMode mode, int minor) {
    return ProxyConfig.builder().mode(mode).version(new KubeVersion(minor));
  }

  /** Chains that nothing could lead through are not made: proxier.go, usesLocalPolicyChain. */
  @ParameterizedTest
  @CsvSource({"IPTABLES, iptables-save.txt", "NFTABLES, nft-ruleset.nft"})
  void aServiceWithoutEndpointsOnTheNodeHasNoChainForThem(ProxyMode mode, String file)
      throws IOException {
    List<String> rules = lines(mode(mode, 34), file);
    assertThat(rules).noneMatch(line -> line.matches("\\tchain local-\\w+-shop/away/.*"));
    assertThat(rules).filteredOn(line -> line.matches("-A KUBE-SVL-.*shop/away.*")).isEmpty();
    List<String> chains =
        rules.stream()
            .filter(line -> line.startsWith(":KUBE-SVL-"))
            .map(ProgrammedRulesTest::name)
            .toList();
    assertThat(chains)
        .allSatisfy(chain -> assertThat(rules).anyMatch(line -> line.startsWith("-A " + chain)));
  }

  private static String name(String chainLine) {
    return chainLine.substring(1, chainLine.indexOf(' '));
  }

  /** NewProxier: without 127.0.0.1 among the addresses there is no localhost node port. */
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, true",
    "127.0.0.0/8, true",
    "127.0.0.1/32, true",
    "192.168.0.0/24, false",
    "fd00::/8, true"
  })
  void theNodeKeepsItsLoopbackFromOutsideWhereNodePortsAreOpenThere(String addresses, boolean open)
      throws IOException {
    ProxyConfig.Builder config =
        mode(ProxyMode.IPTABLES, 34).nodePortAddresses(List.of(IpPrefix.parse(addresses)));
    assertThat(lines(config, "iptables-save.txt").stream().anyMatch(ProgrammedRulesTest::guards))
        .isEqualTo(open);
    assertThat(lines(config, "sysctl.txt"))
        .contains("net.ipv4.conf.all.route_localnet = " + (open ? "1" : "0"));
  }

  private static boolean guards(String line) {
    return line.contains("block incoming localnet connections");
  }

  /** From 1.27 on KUBE-NODEPORTS is written whether or not anything leads there. */
  @ParameterizedTest
  @CsvSource({"34, true", "26, false"})
  void nodePortsWithoutAnAddressAreWrittenByNewReleasesAlone(int minor, boolean written)
      throws IOException {
    ProxyConfig.Builder config =
        mode(ProxyMode.IPTABLES, minor).nodePortAddresses(List.of(IpPrefix.parse("172.16.0.0/12")));
    List<String> rules = lines(config, "iptables-save.txt");
    assertThat(rules)
        .noneMatch(line -> line.endsWith(" -j KUBE-NODEPORTS") && line.contains(" -d "));
    assertThat(rules.stream().anyMatch(line -> line.matches("-A KUBE-NODEPORTS .* --dport 302.*")))
        .isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(strings = {"IPVS", "NFTABLES"})
  void otherModesOpenNoNodePortOnLoopback(ProxyMode mode) throws IOException {
    ProxyConfig.Builder config =
        mode(mode, 34).nodePortAddresses(List.of(IpPrefix.parse("127.0.0.0/8")));
    assertThat(lines(config, "sysctl.txt")).contains("net.ipv4.conf.all.route_localnet = 0");
    String file = mode == ProxyMode.IPVS ? "ipvsadm-save.txt" : "nft-ruleset.nft";
    assertThat(lines(config, file)).noneMatch(line -> line.contains("127.0.0.1"));
  }

  /** The first rules that a packet meets, by release (kubernetes, iptablesJumpChains). */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          34 | INPUT   | FIREWALL PROXY-FIREWALL NODEPORTS EXTERNAL-SERVICES
          34 | FORWARD | PROXY-FIREWALL FORWARD SERVICES EXTERNAL-SERVICES
          34 | OUTPUT  | FIREWALL PROXY-FIREWALL SERVICES
          25 | INPUT   | PROXY-FIREWALL NODEPORTS EXTERNAL-SERVICES
          24 | INPUT   | FIREWALL NODEPORTS EXTERNAL-SERVICES
          24 | FORWARD | FORWARD SERVICES EXTERNAL-SERVICES
          19 | INPUT   | FIREWALL SERVICES EXTERNAL-SERVICES
          19 | FORWARD | FORWARD SERVICES
          """)
  void baseChainsJumpInOrder(int minor, String chain, String jumps) throws IOException {
    List<String> filter = lines(mode(ProxyMode.IPTABLES, minor), "iptables-save.txt");
    filter = filter.subList(filter.indexOf("*filter"), filter.size());
    assertThat(filter.subList(0, filter.indexOf("COMMIT")))
        .filteredOn(line -> line.startsWith("-A " + chain.strip() + " "))
        .extracting(line -> line.substring(line.lastIndexOf(" KUBE-") + " KUBE-".length()))
        .containsExactly(jumps.strip().split(" "));
  }

  @Test
  void invalidPacketsAreDroppedBeforeAnythingIsForwarded() throws IOException {
    assertThat(lines(mode(ProxyMode.IPTABLES, 34), "ip6tables-save.txt"))
        .containsSequence(
            "-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP",
            "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding rules\" -m mark --mark"
                + " 0x4000/0x4000 -j ACCEPT",
            "-A KUBE-FORWARD -m comment --comment \"kubernetes forwarding conntrack rule\" -m"
                + " conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
  }

  @Test
  void aHealthCheckIsAcceptedOnTheNode() throws IOException {
    assertThat(lines(mode(ProxyMode.IPTABLES, 34), "iptables-save.txt"))
        .contains(
            "-A KUBE-NODEPORTS -p tcp -m comment --comment \"shop/stay:http health check node"
                + " port\" -m tcp --dport 32205 -j ACCEPT");
  }

  /** Pull request 97824; that of it for 1.20 was not merged. */
  @ParameterizedTest
  @CsvSource({
    "IPTABLES, 20, false", "IPTABLES, 21, true",
    "IPVS, 20, false", "IPVS, 21, true"
  })
  void healthChecksAreLetInOnFrom121(ProxyMode mode, int minor, boolean accepted)
      throws IOException {
    List<String> rules = lines(mode(mode, minor), "iptables-save.txt");
    assertThat(rules.stream().anyMatch(line -> line.contains("health check"))).isEqualTo(accepted);
  }

  /** Feature gate ExternalPolicyForExternalIP, on since 1.18. */
  @Test
  void upTo117ExternalAddressesLeadToAllOfTheCluster() throws IOException {
    assertThat(lines(mode(ProxyMode.IPTABLES, 17), "iptables-save.txt"))
        .filteredOn(line -> line.contains("-A KUBE-SERVICES -d 198.51.100.19/32"))
        .extracting(line -> line.substring(line.indexOf(" -j ")).replaceAll("-[^-]*$", ""))
        .containsExactly(" -j KUBE-MARK", " -j KUBE-SVC", " -j KUBE-SVC");
    assertThat(lines(mode(ProxyMode.IPTABLES, 18), "iptables-save.txt"))
        .filteredOn(line -> line.contains("-A KUBE-SERVICES -d 198.51.100.19/32"))
        .extracting(line -> line.substring(line.indexOf(" -j ")).replaceAll("-[^-]*$", ""))
        .containsExactly(" -j KUBE-XLB", " -j KUBE-XLB");
  }

  /** Pull request 77523. */
  @ParameterizedTest
  @CsvSource({"14, false", "15, true"})
  void theNodesOwnTrafficPassesALocalPolicyOnFrom115(int minor, boolean passes) throws IOException {
    assertThat(
            lines(mode(ProxyMode.IPTABLES, minor), "iptables-save.txt").stream()
                .anyMatch(line -> line.matches("-A KUBE-XLB-.* LOCAL traffic for .*")))
        .isEqualTo(passes);
  }

  /** Up to 1.23 the chain is made before anybody looks for endpoints. */
  @Test
  void aLocalPolicyHasAnEmptyChainWithoutEndpointsUpTo123() throws IOException {
    for (int minor : new int[] {18, 23}) {
      List<String> rules = lines(mode(ProxyMode.IPTABLES, minor), "iptables-save.txt");
      assertThat(rules)
          .filteredOn(line -> line.startsWith(":KUBE-XLB-"))
          .extracting(ProgrammedRulesTest::name)
          .anySatisfy(chain -> assertThat(rules).noneMatch(line -> line.startsWith("-A " + chain)));
    }
  }

  /** Pull requests 110628, 108460, 112950 and 119791. */
  @ParameterizedTest
  @CsvSource({
    "24, false, false, false",
    "25, true, false, false",
    "26, true, true, false",
    "28, true, true, false",
    "29, true, true, true"
  })
  void ipvsFiltersCameOneByOne(int minor, boolean firewall, boolean access, boolean out)
      throws IOException {
    List<String> rules = lines(mode(ProxyMode.IPVS, minor), "iptables-save.txt");
    assertThat(rules.contains(":KUBE-PROXY-FIREWALL - [0:0]")).isEqualTo(firewall);
    assertThat(rules.contains(":KUBE-MARK-DROP - [0:0]")).isEqualTo(!firewall);
    assertThat(rules.contains(":KUBE-IPVS-FILTER - [0:0]")).isEqualTo(access);
    assertThat(rules.contains("-A KUBE-SERVICES -s 127.0.0.0/8 -j RETURN")).isEqualTo(access);
    assertThat(rules.contains(":KUBE-IPVS-OUT-FILTER - [0:0]")).isEqualTo(out);
    assertThat(
            lines(mode(ProxyMode.IPVS, minor), "ipset-save.txt").stream()
                .anyMatch(line -> line.contains("KUBE-IPVS-IPS")))
        .isEqualTo(access);
  }

  /** writeIptablesRules: in table filter, rules about empty sets stay. */
  @Test
  void ipvsRulesSayWhatTheirSetsAreForAndStayInFilter() throws IOException {
    List<String> rules = lines(mode(ProxyMode.IPVS, 34), "iptables-save.txt");
    assertThat(rules)
        .containsSequence(
            "-A KUBE-IPVS-FILTER -m set --match-set KUBE-LOAD-BALANCER dst,dst -j RETURN",
            "-A KUBE-IPVS-FILTER -m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN",
            "-A KUBE-IPVS-FILTER -m set --match-set KUBE-EXTERNAL-IP dst,dst -j RETURN",
            "-A KUBE-IPVS-FILTER -m set --match-set KUBE-EXTERNAL-IP-LOCAL dst,dst -j RETURN",
            "-A KUBE-IPVS-FILTER -m set --match-set KUBE-HEALTH-CHECK-NODE-PORT dst -j RETURN",
            "-A KUBE-IPVS-FILTER -m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst"
                + " -j REJECT --reject-with icmp-port-unreachable")
        .contains(
            "-A KUBE-SERVICES ! -s 10.244.0.0/16 -m comment --comment \"Kubernetes service cluster"
                + " ip + port for masquerade purpose\" -m set --match-set KUBE-CLUSTER-IP dst,dst"
                + " -j KUBE-MARK-MASQ")
        .contains(
            "-A KUBE-NODE-PORT -m comment --comment \"Kubernetes health check node port\" -m set"
                + " --match-set KUBE-HEALTH-CHECK-NODE-PORT dst -j ACCEPT");
    assertThat(lines(mode(ProxyMode.IPVS, 34), "ip6tables-save.txt"))
        .contains(
            "-A KUBE-IPVS-FILTER -m set --match-set KUBE-6-EXTERNAL-IP-LOCAL dst,dst -j RETURN");
  }

  @Test
  void eachSetHoldsWhatItsRulesAskFor() throws IOException {
    assertThat(lines(mode(ProxyMode.IPVS, 34), "ipset-save.txt"))
        .contains(
            "add KUBE-CLUSTER-IP 10.96.2.3,udp:53",
            "add KUBE-LOOP-BACK 10.244.1.102,sctp:38412,10.244.1.102",
            "add KUBE-EXTERNAL-IP 198.51.100.9,tcp:80",
            "add KUBE-EXTERNAL-IP-LOCAL 198.51.100.19,tcp:80",
            "add KUBE-LOAD-BALANCER 203.0.113.5,tcp:80",
            "add KUBE-LOAD-BALANCER-LOCAL 203.0.113.5,tcp:80",
            "add KUBE-LOAD-BALANCER-FW 203.0.113.4,tcp:80",
            "add KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.4,tcp:80,198.51.100.0/24",
            "add KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.17,tcp:80,0.0.0.0/1",
            "add KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.17,tcp:80,128.0.0.0/1",
            "add KUBE-LOAD-BALANCER-SOURCE-IP 203.0.113.18,tcp:80,203.0.113.18",
            "add KUBE-NODE-PORT-TCP 30204",
            "add KUBE-NODE-PORT-LOCAL-TCP 30205",
            "add KUBE-NODE-PORT-UDP 30203",
            "add KUBE-NODE-PORT-LOCAL-UDP 30222",
            "add KUBE-NODE-PORT-SCTP-HASH 192.168.0.11,sctp:30202",
            "add KUBE-NODE-PORT-SCTP-HASH 10.244.1.1,sctp:30202",
            "add KUBE-HEALTH-CHECK-NODE-PORT 32205",
            "add KUBE-IPVS-IPS 203.0.113.4",
            "add KUBE-6-LOAD-BALANCER-FW 2001:db8:203::4,tcp:80",
            "add KUBE-6-NODE-PORT-TCP 30208")
        .doesNotContain(
            "add KUBE-LOOP-BACK 10.244.2.102,sctp:38412,10.244.2.102",
            "add KUBE-LOAD-BALANCER 203.0.113.16,tcp:80",
            "add KUBE-NODE-PORT-LOCAL-TCP 30204",
            "add KUBE-IPVS-IPS 192.168.0.11");
  }

  @Test
  void theMaglevSchedulerHashesThePortToo() throws IOException {
    assertThat(lines(mode(ProxyMode.IPVS, 34).scheduler("mh"), "ipvsadm-save.txt"))
        .contains("-A -t 10.96.2.1:80 -s mh -b mh-port");
  }

  /** nft would print the narrower ranges no more. */
  @Test
  void inNftablesModeAWideSourceRangeStandsForNarrowerOnes() throws IOException {
    assertThat(lines(mode(ProxyMode.NFTABLES, 34), "nft-ruleset.nft"))
        .contains("\t\tip saddr != 0.0.0.0/0 drop", "\t\tip6 saddr != ::/0 drop");
  }

  @Test
  void inNftablesModeSourceRangesHoldWithoutEndpointsToo() throws IOException {
    assertThat(lines(mode(ProxyMode.NFTABLES, 34), "nft-ruleset.nft"))
        .anyMatch(line -> line.matches("\\tchain firewall-\\w+-shop/void/tcp/http \\{"));
  }
}
