package dev.packetpath.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** How many rules kube-proxy writes, without the jumps from base chains. */
final class RuleCountsTest {
  /** KUBE-POSTROUTING 3, KUBE-MARK-MASQ, KUBE-MARK-DROP and the end of KUBE-SERVICES. */
  private static final int FRAME_OF_NAT = 6;

  /** The published numbers; rows with a text name the rules of a Service and of nothing else. */
  @ParameterizedTest
  @CsvFileSource(resources = "rule_counts_public.csv", numLinesToSkip = 1)
  void aClusterOfClusterIpServicesHasTheRulesOfKubernetesOwnTest(
      String type,
      int services,
      int endpoints,
      Integer filter,
      int nat,
      String source,
      String how) {
    if (how.equals("text")) {
      // In 2017 a Service had its two rules of KUBE-SERVICES and three for each endpoint.
      assertThat(count(program(services, endpoints, 20), TableName.NAT) - FRAME_OF_NAT)
          .as(source)
          .isEqualTo(nat);
      return;
    }
    for (int minor : List.of(25, 26)) {
      Ruleset rules = program(services, endpoints, minor);
      assertThat(count(rules, TableName.FILTER))
          .as("%s, filter", type)
          .isEqualTo(filter.longValue());
      assertThat(count(rules, TableName.NAT)).as("%s, nat", type).isEqualTo(nat);
    }
    // The current layout has one rule more, of KUBE-FIREWALL.
    Ruleset current = program(services, endpoints, KubeVersion.CURRENT.minor());
    assertThat(count(current, TableName.FILTER)).isEqualTo(filter + 1L);
    assertThat(count(current, TableName.NAT)).isEqualTo(nat);
  }

  @ParameterizedTest
  @CsvSource({"7,3", "40,2", "120,10", "3,0"})
  void theExperimentsLayoutHasARuleMoreForEachServiceInKubeServices(int services, int endpoints) {
    Ruleset old = program(services, endpoints, 20);
    int balanced = endpoints == 0 ? 0 : services;
    Table nat = old.table(TableName.NAT).orElseThrow();
    assertThat(chain(nat, "KUBE-SERVICES").rules()).hasSize(2 * balanced + 1);
    Table one = program(services, endpoints, 21).table(TableName.NAT).orElseThrow();
    assertThat(chain(one, "KUBE-SERVICES").rules()).hasSize(balanced + 1);
  }

  private static Ruleset program(int services, int endpoints, int minor) {
    Cluster cluster =
        SyntheticCluster.of(SyntheticCluster.Size.of(services, endpoints), List.of(), 1);
    ProxyConfig config = ProxyConfig.builder().version(new KubeVersion(minor)).build();
    return NodeProgram.of(cluster, "node-1", config)
        .snapshot()
        .ruleset(IpFamily.IPV4)
        .orElseThrow();
  }

  private static Chain chain(Table table, String name) {
    return table.chains().stream()
        .filter(chain -> chain.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static long count(Ruleset rules, TableName name) {
    return rules.table(name).orElseThrow().chains().stream()
        .filter(chain -> chain.name().startsWith("KUBE-"))
        .mapToLong(chain -> chain.rules().size())
        .sum();
  }
}
