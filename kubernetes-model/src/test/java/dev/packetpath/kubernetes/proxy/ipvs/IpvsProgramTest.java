package dev.packetpath.kubernetes.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.iptables.Table;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.FlowCluster;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProgramText;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IpvsProgramTest {
  private static NodeProgram program(Cluster cluster, String node, int minor) {
    return NodeProgram.of(
        cluster,
        node,
        ProxyConfig.builder().mode(ProxyMode.IPVS).version(new KubeVersion(minor)).build());
  }

  private static List<String> lines(NodeProgram program, String name) throws IOException {
    return ProgramText.lines(program, name);
  }

  @Test
  void everyAddressOfAServiceIsAVirtualServer() throws IOException {
    assertThat(lines(program(FlowCluster.read(), "n1", 34), "ipvsadm-save.txt"))
        .containsSequence(
            "-A -t 10.96.1.5:80 -s rr",
            "-a -t 10.96.1.5:80 -r 10.244.1.9:8080 -m -w 1",
            "-a -t 10.96.1.5:80 -r 10.244.3.9:8080 -m -w 1")
        .containsSequence(
            "-A -t 203.0.113.10:80 -s rr", "-a -t 203.0.113.10:80 -r 10.244.1.9:8080 -m -w 1")
        .containsSequence(
            "-A -t 10.244.1.1:30083 -s rr", "-a -t 10.244.1.1:30083 -r 10.244.1.9:8080 -m -w 1")
        .contains("-A -t 192.168.0.11:30083 -s rr")
        .doesNotContain("-A -t 127.0.0.1:30083 -s rr");
  }

  @Test
  void aServiceWithAffinityIsPersistent() throws IOException {
    assertThat(lines(program(FlowCluster.read(), "n1", 34), "ipvsadm-save.txt"))
        .contains("-A -t 10.96.1.13:80 -s rr -p 600");
  }

  @Test
  void trafficThatStaysOnTheNodeHasTheNodesServersOrAllIfThereAreNone() throws IOException {
    List<String> servers = lines(program(FlowCluster.read(), "n1", 34), "ipvsadm-save.txt");
    assertThat(servers)
        .filteredOn(line -> line.startsWith("-a -t 203.0.113.12:80"))
        .containsExactly("-a -t 203.0.113.12:80 -r 10.244.1.11:8080 -m -w 1");
    assertThat(servers)
        .filteredOn(line -> line.startsWith("-a -t 203.0.113.13:80"))
        .containsExactly("-a -t 203.0.113.13:80 -r 10.244.3.12:8080 -m -w 1");
    assertThat(servers).filteredOn(line -> line.startsWith("-a -t 10.96.1.11:80")).isEmpty();
  }

  @Test
  void theServicesAddressesAreTheNodesOwnThroughKubeIpvs0() throws IOException {
    assertThat(String.join("\n", lines(program(FlowCluster.read(), "n1", 34), "addresses.json")))
        .contains("\"ifname\":\"kube-ipvs0\"")
        .contains("\"local\":\"10.96.1.1\",\"prefixlen\":32")
        .contains("\"local\":\"203.0.113.10\",\"prefixlen\":32");
  }

  @Test
  void aSetOfIpv6HasAShorterName() throws IOException {
    Cluster cluster =
        SyntheticCluster.of(
            SyntheticCluster.Size.of(2, 1), List.of(IpPrefix.parse("fd00:10:244::/56")), 1);
    assertThat(lines(program(cluster, "node-1", 34), "ipset-save.txt"))
        .contains(
            "create KUBE-6-NODE-PORT-LOCAL-SCTP-HAS hash:ip,port family inet6 hashsize 1024"
                + " maxelem 65536")
        .contains("add KUBE-6-CLUSTER-IP fd00:10:96::1,tcp:80");
  }

  @Test
  void aSourceRangeOfOneAddressIsWrittenAsIpsetListsIt() throws IOException {
    Service service =
        Service.builder("default", "web")
            .clusterIps(List.of(IpAddress.parse("10.96.0.1")))
            .loadBalancerIps(List.of(IpAddress.parse("203.0.113.1")))
            .sourceRanges(List.of(IpPrefix.parse("198.51.100.7/32"), IpPrefix.parse("10.0.0.0/8")))
            .ports(List.of(new ServicePort("", ServiceProtocol.TCP, 80, 0, ImmutableList.of())))
            .build();
    Cluster cluster = synthetic(1).withServices(ImmutableList.of(service));
    assertThat(lines(program(cluster, "node-1", 34), "ipset-save.txt"))
        .contains(
            "add KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.1,tcp:80,198.51.100.7",
            "add KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.1,tcp:80,10.0.0.0/8");
  }

  @Test
  void nodePortsThatAreOpenNowhereAreNotProgrammed() throws IOException {
    NodeProgram nowhere =
        NodeProgram.of(
            FlowCluster.read(),
            "n1",
            ProxyConfig.builder()
                .mode(ProxyMode.IPVS)
                .nodePortAddresses(List.of(IpPrefix.parse("172.16.0.0/12")))
                .build());
    assertThat(lines(nowhere, "ipvsadm-save.txt")).noneMatch(line -> line.contains(":30083 "));
    assertThat(lines(program(FlowCluster.read(), "n1", 34), "ipset-save.txt"))
        .contains("add KUBE-NODE-PORT-TCP 30083");
    assertThat(lines(nowhere, "ipset-save.txt"))
        .noneMatch(line -> line.startsWith("add KUBE-NODE-PORT"));
    assertThat(lines(nowhere, "iptables-save.txt"))
        .noneMatch(line -> line.contains("--match-set KUBE-NODE-PORT"));
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 34})
  void theNumberOfRulesDoesNotDependOnTheServices(int minor) {
    assertThat(rules(program(synthetic(5), "node-1", minor)))
        .isEqualTo(rules(program(synthetic(300), "node-1", minor)))
        .isLessThan(30);
  }

  private static Cluster synthetic(int services) {
    return SyntheticCluster.of(SyntheticCluster.Size.of(services, 3), List.of(), 1);
  }

  private static int rules(NodeProgram program) {
    return program.snapshot().ruleset(IpFamily.IPV4).orElseThrow().tables().stream()
        .mapToInt(Table::ruleCount)
        .sum();
  }
}
