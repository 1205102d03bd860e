package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Chains that are too long, as Linux 6.1.187 refused them: {@code conformance/chains/run}, a kernel
 * under qemu with 512 buckets of its own (a namespace cannot have others) and no limit, one socket
 * sending to 24 addresses on lo. So many entries there were after each thousand datagrams; what was
 * missing was counted as chaintoolong and insert_failed, and none as drop.
 */
class LongChainsTest {
  private static final int[] ENTRIES_OF_KERNEL = {
    1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 9997, 10986, 11944, 12848, 13656, 14393,
    15071, 15670, 16167, 16623, 17019, 17375, 17685, 17988, 18249
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void asManyFlowsAreRefusedAsInTheKernel(long seed) {
    Router router =
        new Router(ConntrackSettings.builder().buckets(512).max(0).hashSeed(seed).build());
    int sent = 0;
    for (int entries : ENTRIES_OF_KERNEL) {
      for (int i = 0; i < 1000; i++, sent++) {
        router.fromEth0(Router.udp("10.0.1.5", 4000, "10.9.9." + (sent >>> 10), port(sent)));
      }
      assertThat(router.conntrack.size()).isCloseTo(entries, within(entries / 100));
    }
    ConntrackStatistics counted = router.conntrack.statistics();
    assertThat(counted.chainTooLong()).isEqualTo(sent - router.conntrack.size());
    assertThat(counted.insertFailed()).isEqualTo(counted.chainTooLong());
    assertThat(counted.drop()).isZero();
  }

  private static int port(int sent) {
    return 10_000 + (sent & 1023);
  }
}
