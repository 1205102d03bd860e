package dev.packetpath.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Walk;
import dev.packetpath.kubernetes.Endpoint;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ServiceNodeTest {
  private final ServiceNode node = new ServiceNode(ServiceNode.rules(20), Walk.COMPILED);

  @Test
  void theArticlesClusterHasMoreThan320000Rules() {
    assertThat(ServiceNode.ruleCount(ServiceNode.rules(10_000))).isEqualTo(320_023);
  }

  @Test
  void servicesHaveTheAddressesThatAreAskedFor() {
    assertThat(ServiceNode.cluster(300).services())
        .element(299)
        .satisfies(
            service ->
                assertThat(service.clusterIps()).containsExactly(ServiceNode.clusterIp(299)));
  }

  @Test
  void aConnectionToAServiceReachesOneOfItsEndpoints() {
    assertThat(node.open(7, 0)).isEqualTo(1);
    Packet opened = node.last();
    List<Endpoint> endpoints = ServiceNode.cluster(20).services().get(7).ports().get(0).endpoints();
    assertThat(endpoints).hasSize(ServiceNode.ENDPOINTS);
    assertThat(endpoints)
        .extracting(Endpoint::address, Endpoint::port)
        .contains(tuple(opened.destination(), opened.destinationPort()));
    // Jump, 8 services, masquerade test, 1 to 10 of the endpoints, 2 of the endpoint's chain; jump
    // and mark test of POSTROUTING; FORWARD with KUBE-FORWARD.
    assertThat(node.rulesEvaluated()).isBetween(22L, 31L);
  }

  @Test
  void burstsOpenTheConnectionsThatPacketsOneByOneDo() {
    Ruleset rules = ServiceNode.rules(600);
    ServiceNode oneByOne = new ServiceNode(rules, Walk.COMPILED);
    ServiceNode inBursts = new ServiceNode(rules, Walk.COMPILED);
    int[] services = {599, 3, 300, 7};

    assertThat(inBursts.openBatchInBursts(services))
        .isEqualTo(oneByOne.openBatch(services))
        .isEqualTo(ServiceNode.BATCH);
    assertThat(inBursts.rulesEvaluated()).isEqualTo(oneByOne.rulesEvaluated());
  }

  @Test
  void burstsOfEstablishedConnectionsAllComeOut() {
    int[] flows = IntStream.range(0, ServiceNode.BURST).toArray();
    int[] services = IntStream.of(flows).map(flow -> flow % 20).toArray();
    for (int flow : flows) {
      node.establish(services[flow], flow);
    }
    long before = node.rulesEvaluated();
    long sent = node.acknowledgeBurst(flows, services, 0);
    assertThat(node.acknowledgeBurst(flows, services, 5) - sent).isEqualTo(ServiceNode.BURST);
    assertThat(node.rulesEvaluated() - before).isEqualTo(2 * ServiceNode.BURST * 5);
  }

  @Test
  void anEstablishedConnectionPassesNoRuleOfNat() {
    node.establish(7, 0);
    long before = node.rulesEvaluated();
    node.acknowledge(7, 0);
    assertThat(node.rulesEvaluated() - before).isEqualTo(5);
  }
}
