package dev.packetpath.kubernetes.proxy.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChainNamesTest {
  /** Names of kubernetes' own tests, then of rules that users published. */
  @ParameterizedTest
  @CsvSource({
    "ns1/svc1:p80tcp, XPGD46QRK7WJZT7O",
    "ns1/svc1:p80tcp10.180.0.1:80, SXIVWICOYRO3J4NJ",
    "ns2/svc2:p80tcp, GNZBNJ2PO5MGZ6GT",
    "ns3/svc3:p8081tcp203.0.113.4:8081, RUVVH7YV3PHQBDOS",
    "ns4/svc4:p8082tcp, EBDQOQU5SJFXRIL3",
    "ns4/svc4:p8082tcp10.4.0.1:8082, SU5STNODRYEWJAUF",
    "default/kubernetes:httpstcp, NPX46M4PTMTKRN6Y",
    "kube-system/kube-dns:dnsudp, TCOU7JCQXEZGVUNU",
    "default/nginx-ext:tcp, ICKQE4PTG2WGVXBF",
    "default/bind9api-svc:tcp, WQWT4GQ6ZB7LS4MD",
    "default/nginxtcp, 2CMXP7HKUVJN7L6M"
  })
  void aNameIsHashedAsKubeProxyDoes(String text, String hash) {
    assertThat(ChainNames.hash(text)).isEqualTo(hash);
  }
}
