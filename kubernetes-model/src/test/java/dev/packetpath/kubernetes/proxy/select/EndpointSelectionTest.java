package dev.packetpath.kubernetes.proxy.select;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterables;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ServiceOrder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoints a node uses, against kubernetes pkg/proxy/topology.go by release. */
final class EndpointSelectionTest {
  private static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.10");
  private static final ImmutableList<Endpoint> ZONED =
      ImmutableList.of(
          hinted("10.244.1.1", "a"), hinted("10.244.2.1", "b"), hinted("10.244.3.1", "b"));

  private static Endpoint hinted(String address, String zone) {
    return new Endpoint(
        IpAddress.parse(address),
        8080,
        "",
        Endpoint.Condition.READY,
        new Endpoint.Hints(ImmutableSet.of(zone), ImmutableSet.of()));
  }

  private static ClusterNode node(String zone) {
    return new ClusterNode("n1", zone, ImmutableList.of(), ImmutableList.of());
  }

  private static List<String> used(
      Map<String, String> annotations, List<Endpoint> endpoints, String zone, int minor) {
    return select(annotations, endpoints, node(zone), minor).cluster().stream()
        .map(endpoint -> endpoint.address().toString())
        .toList();
  }

  private static EndpointSelection select(Endpoint... endpoints) {
    return select(Map.of(), List.of(endpoints), node(""), 34);
  }

  private static EndpointSelection select(
      Map<String, String> annotations, List<Endpoint> endpoints, ClusterNode node, int minor) {
    Service service =
        Service.builder("default", "web")
            .annotations(annotations)
            .clusterIps(List.of(CLUSTER_IP))
            .ports(
                List.of(
                    new ServicePort(
                        "", ServiceProtocol.TCP, 80, 0, ImmutableList.copyOf(endpoints))))
            .build();
    ProxiedPort port =
        Iterables.getOnlyElement(
            ProxiedPort.of(ImmutableList.of(service), IpFamily.IPV4, new ServiceOrder.Given()));
    return EndpointSelection.of(port, node, new KubeVersion(minor));
  }

  /** The annotation, its value, and the releases that then follow hints. */
  @ParameterizedTest
  @CsvSource({
    "none, '', 31-35",
    "topology-aware-hints, auto, 24-35",
    "topology-aware-hints, Auto, 24-35",
    "topology-aware-hints, AUTO, 27-35",
    "topology-aware-hints, '', 31-35",
    "topology-aware-hints, Disabled, 31-35",
    "topology-mode, Auto, 27-35",
    "topology-mode, mine, 27-35",
    "topology-mode, disabled, 31-35"
  })
  void whetherHintsAreFollowedDependsOnTheReleaseAndTheAnnotation(
      String annotation, String value, String releases) {
    List<String> range = Splitter.on('-').splitToList(releases);
    for (int minor = 14; minor <= 35; minor++) {
      boolean follows =
          Integer.parseInt(range.get(0)) <= minor && minor <= Integer.parseInt(range.get(1));
      assertThat(used(Map.of("service.kubernetes.io/" + annotation, value), ZONED, "b", minor))
          .as("1." + minor)
          .hasSize(follows ? 2 : 3);
    }
  }

  @Test
  void theDeprecatedAnnotationGoesBeforeTheOther() {
    Map<String, String> both =
        Map.of(Service.TOPOLOGY_AWARE_HINTS, "Disabled", Service.TOPOLOGY_MODE, "Auto");
    assertThat(used(both, ZONED, "b", 27)).hasSize(3);
  }

  @Test
  void hintsAreLeftAsideWhereTheNodeHasNoZoneOrNoEndpointIsMeantForItsOwn() {
    assertThat(used(Map.of(), ZONED, "a", 34)).containsExactly("10.244.1.1");
    assertThat(used(Map.of(), ZONED, "", 34)).hasSize(3);
    assertThat(used(Map.of(), ZONED, "c", 34)).hasSize(3);
  }

  @Test
  void hintsAreLeftAsideWhereAReadyEndpointLacksOne() {
    Endpoint plain = Endpoint.ready(IpAddress.parse("10.244.4.1"), 8080, "");
    Endpoint unready =
        new Endpoint(
            plain.address(),
            8080,
            "",
            new Endpoint.Condition(false, true, true),
            Endpoint.Hints.NONE);
    ImmutableList.Builder<Endpoint> more = ImmutableList.<Endpoint>builder().addAll(ZONED);
    assertThat(used(Map.of(), more.add(plain).build(), "a", 34)).hasSize(4);
    more = ImmutableList.<Endpoint>builder().addAll(ZONED);
    assertThat(used(Map.of(), more.add(unready).build(), "a", 34)).containsExactly("10.244.1.1");
  }

  /** endpointslicecache.go, addEndpoints. */
  @Test
  void ofTheSameEndpointInSeveralSlicesTheFirstCountsButTheNodesOwnGoesBeforeIt() {
    Endpoint first = endpoint("n2", true);
    Endpoint second = endpoint("n3", false);
    Endpoint own = endpoint("n1", false);
    assertThat(select(first, second).cluster()).containsExactly(first);
    assertThat(select(second, first).cluster()).isEmpty();
    assertThat(select(own, first).cluster()).isEmpty();
    assertThat(select(first, own, second).cluster()).isEmpty();
  }

  private static Endpoint endpoint(String node, boolean ready) {
    return new Endpoint(
        IpAddress.parse("10.244.1.1"),
        8080,
        node,
        new Endpoint.Condition(ready, ready, false),
        Endpoint.Hints.NONE);
  }
}
