package dev.packetpath.examples.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SideBySideTest {
  @Test
  void iptablesForwardsAndIpvsGoesThroughInputAndOutput() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SideBySide.run(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactly(
            "kube-proxy in mode iptables:",
            "  SYN: leaves by cni0: tcp 192.168.1.77:40000 > 10.244.1.12:8080 syn",
            "    PREROUTING nat",
            "    FORWARD filter",
            "    POSTROUTING nat",
            "    5 rules evaluated",
            "  SYN/ACK: leaves by eth0: tcp 10.96.0.20:80 > 192.168.1.77:40000 syn ack",
            "    PREROUTING",
            "    FORWARD filter",
            "    POSTROUTING",
            "    0 rules evaluated",
            "  ACK: leaves by cni0: tcp 192.168.1.77:40000 > 10.244.1.12:8080 ack",
            "    PREROUTING",
            "    FORWARD filter",
            "    POSTROUTING",
            "    0 rules evaluated",
            "",
            "kube-proxy in mode ipvs:",
            "  SYN: leaves by cni0: tcp 192.168.1.77:40000 > 10.244.1.12:8080 syn",
            "    PREROUTING nat",
            "    INPUT filter ip_vs:10.244.1.12",
            "    OUTPUT filter",
            "    POSTROUTING nat",
            "    4 rules evaluated",
            "  SYN/ACK: leaves by eth0: tcp 10.96.0.20:80 > 192.168.1.77:40000 syn ack",
            "    PREROUTING",
            "    FORWARD filter",
            "    POSTROUTING",
            "    0 rules evaluated",
            "  ACK: leaves by cni0: tcp 192.168.1.77:40000 > 10.244.1.12:8080 ack",
            "    PREROUTING",
            "    INPUT filter ip_vs:10.244.1.12",
            "    OUTPUT filter",
            "    POSTROUTING",
            "    0 rules evaluated");
  }
}
