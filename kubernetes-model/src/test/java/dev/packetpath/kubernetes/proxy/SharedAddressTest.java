package dev.packetpath.kubernetes.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * External addresses are no one's own: Services can share one, or name it twice. Where the kernel
 * has one place for an address and port, the last one that kube-proxy comes to has it; of rules the
 * first one counts.
 */
final class SharedAddressTest {
  private static final IpAddress SHARED = IpAddress.parse("203.0.113.1");

  private static Service.Builder service(String name, int number) {
    Endpoint endpoint = Endpoint.ready(IpAddress.ipv4(0x0af40100 + number), 8080, "node-1");
    return Service.builder("default", name)
        .clusterIps(List.of(IpAddress.ipv4(0x0a600000 + number)))
        .externalIps(List.of(SHARED))
        .ports(
            List.of(new ServicePort("", ServiceProtocol.TCP, 80, 0, ImmutableList.of(endpoint))));
  }

  private static List<String> lines(ProxyMode mode, String file, Service... services)
      throws IOException {
    return lines(ProxyConfig.builder().mode(mode), file, services);
  }

  private static List<String> lines(ProxyConfig.Builder config, String file, Service... services)
      throws IOException {
    Cluster cluster =
        SyntheticCluster.of(SyntheticCluster.Size.of(1, 1), List.of(), 1)
            .withServices(ImmutableList.copyOf(services));
    return ProgramText.lines(NodeProgram.of(cluster, "node-1", config.build()), file);
  }

  @Test
  void twoServicesShareOneVirtualServer() throws IOException {
    assertThat(
            lines(
                ProxyMode.IPVS,
                "ipvsadm-save.txt",
                service("a", 1).build(),
                service("b", 2).build()))
        .filteredOn(line -> line.contains(SHARED + ":80"))
        .containsExactly(
            "-A -t 203.0.113.1:80 -s rr", "-a -t 203.0.113.1:80 -r 10.244.1.2:8080 -m -w 1");
  }

  @Test
  void anExternalAddressThatIsTheLoadBalancersTooIsOneVirtualServer() throws IOException {
    Service service = service("a", 1).loadBalancerIps(List.of(SHARED)).build();
    assertThat(lines(ProxyMode.IPVS, "ipvsadm-save.txt", service))
        .filteredOn(line -> line.startsWith("-A -t " + SHARED))
        .hasSize(1);
    assertThat(lines(ProxyMode.NFTABLES, "nft-ruleset.nft", service))
        .filteredOn(line -> line.contains(SHARED + " . tcp . 80 :"))
        .hasSize(1);
  }

  @Test
  void twoServicesShareOneElementOfAMap() throws IOException {
    assertThat(
            lines(
                ProxyMode.NFTABLES,
                "nft-ruleset.nft",
                service("a", 1).build(),
                service("b", 2).build()))
        .filteredOn(line -> line.contains(SHARED + " . tcp . 80 :"))
        .singleElement()
        .asString()
        .contains("-default/b/tcp/");
  }

  @Test
  void twoServicesHaveARuleEach() throws IOException {
    assertThat(
            lines(
                ProxyMode.IPTABLES,
                "iptables-save.txt",
                service("a", 1).build(),
                service("b", 2).build()))
        .filteredOn(line -> line.contains("-d " + SHARED + "/32"))
        .hasSize(2);
  }

  /** Up to 1.23 what one address does not let pass is marked before the next one's rules. */
  @Test
  void eachAddressOfALoadBalancerHadAllRulesOnce() throws IOException {
    Service service =
        service("a", 1)
            .externalIps(List.of())
            .loadBalancerIps(List.of(SHARED, IpAddress.parse("203.0.113.2")))
            .sourceRanges(List.of(IpPrefix.parse("198.51.100.0/24"), IpPrefix.parse("0.0.0.0/0")))
            .build();
    ProxyConfig.Builder config = ProxyConfig.builder().version(new KubeVersion(23));
    assertThat(lines(config, "iptables-save.txt", service))
        .filteredOn(line -> line.startsWith("-A KUBE-FW-"))
        .map(line -> line.replaceAll("KUBE-(FW|SVC)-\\w+|-m comment --comment \"[^\"]*\" ", "$1"))
        .containsExactly(
            "-A FW -j KUBE-MARK-MASQ",
            "-A FW -s 198.51.100.0/24 -j SVC",
            "-A FW -j SVC",
            "-A FW -s 203.0.113.1/32 -j SVC",
            "-A FW -j KUBE-MARK-DROP",
            "-A FW -j KUBE-MARK-MASQ",
            "-A FW -s 198.51.100.0/24 -j SVC",
            "-A FW -j SVC",
            "-A FW -s 203.0.113.2/32 -j SVC",
            "-A FW -j KUBE-MARK-DROP");
  }
}
