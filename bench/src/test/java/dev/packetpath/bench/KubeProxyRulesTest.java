package dev.packetpath.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.Walk;
import dev.packetpath.iptables.syntax.SavePrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class KubeProxyRulesTest {
  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "3, 4", "101, 10", "1, 301"})
  void parsingAndPrintingGivesTheSameText(int services, int endpoints) {
    KubeProxyRules rules = new KubeProxyRules(services, endpoints);
    String text = ServiceNode.text(rules);
    Ruleset parsed = ServiceNode.parse(text);
    assertThat(SavePrinter.toText(parsed, false)).isEqualTo(text);
    assertThat(parsed.tables().stream().mapToInt(Table::ruleCount).sum())
        .isEqualTo(rules.ruleCount());
  }

  @Test
  void theArticlesClusterHasMoreThan320000Rules() {
    assertThat(new KubeProxyRules(10_000, 10).ruleCount()).isEqualTo(320_023);
  }

  @Test
  void namesOfChainsAreKubeProxys() {
    // Upstream's own test names them: kubernetes pkg/proxy/iptables/proxier_test.go, ns1/svc1:p80.
    assertThat(KubeChain.hash("ns1/svc1:p80" + "tcp")).isEqualTo("XPGD46QRK7WJZT7O");
    assertThat(KubeChain.hash("ns1/svc1:p80" + "tcp" + "10.180.0.1:80"))
        .isEqualTo("SXIVWICOYRO3J4NJ");
  }

  @Test
  void commentsOfEndpointsEndAboveOneThousandEndpoints() {
    assertThat(ServiceNode.text(new KubeProxyRules(100, 10))).contains("http -> 10.128.0.2:8080");
    assertThat(ServiceNode.text(new KubeProxyRules(101, 10))).doesNotContain(" -> ");
  }

  @Test
  void aConnectionToAServiceReachesOneOfItsEndpoints() {
    KubeProxyRules rules = new KubeProxyRules(20, 3);
    ServiceNode node = new ServiceNode(ServiceNode.parse(ServiceNode.text(rules)), Walk.COMPILED);
    assertThat(node.open(7, 0)).isEqualTo(1);
    Packet opened = node.last();
    assertThat(opened.destination().toString())
        .isIn(rules.podIp(7, 0), rules.podIp(7, 1), rules.podIp(7, 2));
    assertThat(opened.destinationPort()).isEqualTo(KubeProxyRules.TARGET_PORT);
    // Jump, 8 services, masquerade test, 1 to 3 of the endpoints, 2 of the endpoint's chain; jump
    // and mark test of POSTROUTING; FORWARD with KUBE-FORWARD.
    assertThat(node.rulesEvaluated()).isBetween(22L, 24L);
  }

  @Test
  void anEstablishedConnectionPassesNoRuleOfNat() {
    KubeProxyRules rules = new KubeProxyRules(20, 3);
    ServiceNode node = new ServiceNode(ServiceNode.parse(ServiceNode.text(rules)), Walk.COMPILED);
    node.establish(7, 0);
    long before = node.rulesEvaluated();
    node.acknowledge(7, 0);
    assertThat(node.rulesEvaluated() - before).isEqualTo(5);
  }
}
