package dev.packetpath.kubernetes.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NftNamesTest {
  /** Names of kubernetes' own tests. */
  @ParameterizedTest
  @CsvSource({
    "ns1/svc1/tcp/p80, ULMVA6XW-ns1/svc1/tcp/p80",
    "ns1/svc1/tcp/p80__10.180.0.1/80, 5OJB2KTY-ns1/svc1/tcp/p80__10.180.0.1/80"
  })
  void aNameIsHashedAsKubeProxyDoes(String words, String name) {
    assertThat(NftNames.hashed(words)).isEqualTo(name);
  }
}
