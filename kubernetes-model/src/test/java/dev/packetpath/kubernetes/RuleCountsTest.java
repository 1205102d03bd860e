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
  /** kubernetes pkg/proxy/iptables/number_generated_rules_test.go, 2022. */
  @ParameterizedTest
  @CsvFileSource(resources = "rule-counts-1.25.csv", numLinesToSkip = 1)
  void aClusterOfClusterIpServicesHasTheRulesOfKubernetesOwnTest(
      String type, int services, int endpoints, int filter, int nat) {
    for (int minor : List.of(25, 26)) {
      Ruleset rules = program(services, endpoints, minor);
      assertThat(count(rules, TableName.FILTER)).as("%s, filter", type).isEqualTo(filter);
      assertThat(count(rules, TableName.NAT)).as("%s, nat", type).isEqualTo(nat);
    }
  }

  @ParameterizedTest
  @CsvFileSource(resources = "rule-counts-1.25.csv", numLinesToSkip = 1)
  void aCurrentKubeProxyHasOneRuleMore(
      String type, int services, int endpoints, int filter, int nat) {
    Ruleset rules = program(services, endpoints, KubeVersion.CURRENT.minor());
    assertThat(count(rules, TableName.FILTER)).as("%s, filter", type).isEqualTo(filter + 1);
    assertThat(count(rules, TableName.NAT)).as("%s, nat", type).isEqualTo(nat);
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
