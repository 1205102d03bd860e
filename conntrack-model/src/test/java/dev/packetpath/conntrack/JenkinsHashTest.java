package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vectors that a kernel module printed. */
class JenkinsHashTest {
  @Test
  void hashesWordsAsTheKernelDoes() {
    assertThat(JenkinsHash.hash(new int[] {1, 2, 3, 4}, 0)).isEqualTo(0x66491246);
    int source = Integer.reverseBytes(0x0a000001);
    int destination = Integer.reverseBytes(0x0a090909);
    assertThat(JenkinsHash.hash(new int[] {source, 0, 0, 0}, destination)).isEqualTo(0xa7b0bbb5);
  }
}
