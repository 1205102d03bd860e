package dev.packetpath.kubernetes.proxy.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.DetectLocal;
import dev.packetpath.kubernetes.proxy.ProgramText;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is programmed for the Service of the recorded packet paths is what node's tests send those
 * packets through.
 */
final class RecordedProgramTest {
  private static final Path RECORDED =
      Path.of("..", "node", "src", "test", "resources", "dev", "packetpath", "node", "ipvs");

  @ParameterizedTest
  @CsvSource({"all, true, CLUSTER_CIDR", "cidr, false, CLUSTER_CIDR", "none, false, NONE"})
  void theProgramIsTheOneThatTheRecordedPacketsPass(
      String name, boolean masqueradeAll, DetectLocal detectLocal) throws IOException {
    ProxyConfig config =
        ProxyConfig.builder()
            .mode(ProxyMode.IPVS)
            .masqueradeAll(masqueradeAll)
            .detectLocal(detectLocal)
            .build();
    NodeProgram program = NodeProgram.of(cluster(), "director", config);
    assertThat(ProgramText.lines(program, "iptables-save.txt"))
        .isEqualTo(Files.readAllLines(RECORDED.resolve("kube-proxy-" + name + ".txt")));
    assertThat(ProgramText.lines(program, "ipset-save.txt"))
        .isEqualTo(Files.readAllLines(RECORDED.resolve("kube-proxy-sets.txt")));
    assertThat(ProgramText.lines(program, "ipvsadm-save.txt"))
        .containsExactly(
            "-A -t 10.96.9.3:80 -s rr", "-a -t 10.96.9.3:80 -r 10.244.0.1:8080 -m -w 1");
  }

  private static Cluster cluster() {
    Endpoint pod = Endpoint.ready(IpAddress.parse("10.244.0.1"), 8080, "director");
    ServicePort port = new ServicePort("", ServiceProtocol.TCP, 80, 0, ImmutableList.of(pod));
    Service web =
        Service.builder("default", "web")
            .clusterIps(ImmutableList.of(IpAddress.parse("10.96.9.3")))
            .ports(ImmutableList.of(port))
            .build();
    ClusterNode director =
        new ClusterNode(
            "director", "", ImmutableList.of(IpAddress.parse("192.168.1.1")), ImmutableList.of());
    return new Cluster(
        ImmutableList.of(director),
        ImmutableList.of(),
        ImmutableList.of(web),
        ImmutableList.of(IpPrefix.parse("10.244.0.0/16")),
        ImmutableList.of());
  }
}
