package dev.packetpath.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.DetectLocal;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where packets go on a node that kube-proxy programmed. */
final class FlowsTest {
  private static final int CONNECTIONS = 60;
  private static final long SECOND_NS = 1_000_000_000L;

  private static ProxyConfig.Builder mode(ProxyMode mode, int minor) {
    return ProxyConfig.builder().mode(mode).version(new KubeVersion(minor));
  }

  @TestFactory
  Stream<DynamicNode> aNewConnectionGoesWhereItsServiceSays() throws IOException {
    Cluster cluster = FlowCluster.read();
    ImmutableList<String> usual = ImmutableList.of("usual.txt");
    ImmutableList<String> nft = with(usual, "nftables.txt");
    ImmutableList<String> ipvs = with(usual, "ipvs.txt");
    ImmutableList<String> to124 = with(usual, "iptables-1.24.txt");
    ImmutableList<String> to123 = with(to124, "iptables-1.23.txt");
    ImmutableList<String> to121 = with(to123, "iptables-1.21.txt");
    ImmutableList<String> to120 = with(to121, "iptables-1.20.txt");
    return Stream.of(
        tests(cluster, mode(ProxyMode.IPTABLES, 34), usual),
        tests(cluster, mode(ProxyMode.IPTABLES, 26), usual),
        tests(cluster, mode(ProxyMode.IPTABLES, 24), to124),
        tests(cluster, mode(ProxyMode.IPTABLES, 23), to123),
        tests(cluster, mode(ProxyMode.IPTABLES, 21), to121),
        tests(cluster, mode(ProxyMode.IPTABLES, 20), to120),
        tests(cluster, mode(ProxyMode.IPTABLES, 18), with(to120, "iptables-1.19.txt")),
        tests(cluster, mode(ProxyMode.NFTABLES, 34), nft),
        tests(cluster, mode(ProxyMode.NFTABLES, 29), with(nft, "nftables-1.29.txt")),
        tests(cluster, mode(ProxyMode.IPVS, 34), ipvs),
        tests(cluster, mode(ProxyMode.IPVS, 22), with(ipvs, "ipvs-1.22.txt")));
  }

  @TestFactory
  Stream<DynamicNode> inBothFamiliesAndForEachKindOfService() throws IOException {
    Cluster cluster = FlowCluster.dualStack();
    ImmutableList<String> dual = ImmutableList.of("dual.txt");
    return Stream.of(
        tests(cluster, mode(ProxyMode.IPTABLES, 34), dual),
        tests(cluster, mode(ProxyMode.NFTABLES, 34), with(dual, "dual-nftables.txt")),
        tests(cluster, mode(ProxyMode.IPVS, 34), with(dual, "dual-ipvs.txt")));
  }

  @TestFactory
  Stream<DynamicNode> asTheSettingsOfKubeProxySay() throws IOException {
    Cluster cluster = FlowCluster.read();
    List<IpPrefix> uplink = List.of(IpPrefix.parse("192.168.0.0/24"));
    ImmutableList.Builder<DynamicNode> tests = ImmutableList.builder();
    for (ProxyMode mode : ProxyMode.values()) {
      if (mode == ProxyMode.USERSPACE) {
        continue;
      }
      tests.add(
          tests(
              cluster, mode(mode, 34).masqueradeAll(true), ImmutableList.of("masquerade-all.txt")),
          tests(
              cluster,
              mode(mode, 34).nodePortAddresses(uplink),
              ImmutableList.of("nodeport-addresses.txt")));
      if (mode != ProxyMode.IPVS) {
        ImmutableList<String> thisNode = ImmutableList.of("detect-this-node.txt");
        ProxyConfig.Builder prefix = mode(mode, 34).interfacePrefix("cni");
        tests.add(
            tests(
                cluster,
                mode(mode, 34).detectLocal(DetectLocal.NONE),
                ImmutableList.of("detect-none.txt")),
            tests(cluster, mode(mode, 34).detectLocal(DetectLocal.NODE_CIDR), thisNode),
            tests(cluster, mode(mode, 34).detectLocal(DetectLocal.BRIDGE), thisNode),
            tests(cluster, prefix.detectLocal(DetectLocal.INTERFACE_PREFIX), thisNode));
      }
    }
    tests.add(
        tests(
            cluster,
            mode(ProxyMode.IPTABLES, 34).localhostNodePorts(false),
            ImmutableList.of("localhost-nodeports.txt")));
    return tests.build().stream();
  }

  private static ImmutableList<String> with(ImmutableList<String> tables, String more) {
    return ImmutableList.<String>builder().addAll(tables).add(more).build();
  }

  private static DynamicNode tests(
      Cluster cluster, ProxyConfig.Builder settings, ImmutableList<String> tables)
      throws IOException {
    ProxyConfig config = settings.build();
    FlowRun run = new FlowRun(NodeProgram.of(cluster, "n1", config).snapshot());
    return DynamicContainer.dynamicContainer(
        config.mode() + " " + config.version() + " " + tables,
        FlowTable.read(tables).outcomes().entrySet().stream()
            .map(
                flow ->
                    DynamicTest.dynamicTest(
                        flow.getKey(),
                        () -> assertThat(run.outcomes(flow.getKey())).isEqualTo(flow.getValue()))));
  }

  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "NFTABLES"})
  void aClientStaysWithItsEndpointUntilItWasAwayForTheTimeout(ProxyMode mode) throws IOException {
    ProxyConfig config = ProxyConfig.builder().mode(mode).build();
    FlowRun run = new FlowRun(NodeProgram.of(FlowCluster.read(), "n1", config).snapshot());
    String flow = "in=cni0 tcp 10.244.1.99:41000 > 10.96.1.13:80";
    TreeSet<String> early = new TreeSet<>();
    TreeSet<String> late = new TreeSet<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      early.add(run.outcome(flow, SECOND_NS));
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      late.add(run.outcome(flow, 660 * SECOND_NS));
    }
    assertThat(early).hasSize(1);
    assertThat(late).hasSize(3);
  }
}
