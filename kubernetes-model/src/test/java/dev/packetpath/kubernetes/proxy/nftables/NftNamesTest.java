package dev.packetpath.kubernetes.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.TrafficPolicy;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NftNamesTest {
  /** Names of kubernetes' own tests. */
  @ParameterizedTest
  @CsvSource({
    "10.180.0.1, ULMVA6XW-ns1/svc1/tcp/p80, 5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80",
  })
  void aNameIsHashedAsKubeProxyDoes(String address, String port, String endpoint) {
    Endpoint ready = Endpoint.ready(IpAddress.parse(address), 80, "n1");
    ProxiedPort named = port("ns1", "svc1", "p80", "172.30.0.41");
    assertThat(NftNames.of(named)).isEqualTo(port);
    assertThat(NftNames.of(named, ready)).isEqualTo(endpoint);
  }

  @Test
  void anIpv6EndpointHasPointsForColons() {
    Endpoint ready = Endpoint.ready(IpAddress.parse("fd00:10:180::1"), 80, "n1");
    assertThat(NftNames.of(port("ns1", "svc1", "p80", "fd00::41"), ready))
        .endsWith("-ns1/svc1/tcp/p80__fd00.10.180..1/80");
  }

  @Test
  void aLongNameIsCutTo240Characters() {
    Endpoint ready =
        Endpoint.ready(IpAddress.parse("fd00:1111:2222:3333:4444:5555:6666:7777"), 65_535, "n1");
    ProxiedPort longest = port("n".repeat(63), "s".repeat(63), "p".repeat(63), "fd00::41");
    assertThat(NftNames.of(longest, ready))
        .hasSize(240)
        .startsWith("W4PS6MLU-nnn")
        .endsWith("__fd00.1111.2222.3333.4444.5555.6...");
  }

  private static ProxiedPort port(String namespace, String name, String port, String clusterIp) {
    ServicePort written = new ServicePort(port, ServiceProtocol.TCP, 80, 0, ImmutableList.of());
    Service service = Service.builder(namespace, name).ports(ImmutableList.of(written)).build();
    return new ProxiedPort(service, written, IpAddress.parse(clusterIp), TrafficPolicy.CLUSTER);
  }
}
