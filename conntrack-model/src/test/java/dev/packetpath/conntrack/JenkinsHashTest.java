package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors that a kernel module printed. */
class JenkinsHashTest {
  @Test
  void hashesWordsAsTheKernelDoes() {
    assertThat(JenkinsHash.hash(new int[] {1, 2, 3, 4}, 0)).isEqualTo(0x66491246);
    int source = Integer.reverseBytes(0x0a000001);
    int destination = Integer.reverseBytes(0x0a090909);
    assertThat(JenkinsHash.hash(new int[] {source, 0, 0, 0}, destination)).isEqualTo(0xa7b0bbb5);
    assertThat(JenkinsHash.hash(new int[] {0}, 0)).isEqualTo(0x049396b8);
    assertThat(JenkinsHash.threeWords(1, 2, 3, 0)).isEqualTo(0xa46158f5);
  }

  /**
   * The comment at the head of lookup3.c: nothing is hashed to 0xdeadbeef and the initial value.
   */
  @Test
  void noWordsAreTheStart() {
    assertThat(JenkinsHash.hash(new int[0], 0)).isEqualTo(0xdead_beef);
    assertThat(JenkinsHash.hash(new int[0], 5)).isEqualTo(0xdead_beef + 5);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, -1, 0x0a000001})
  void fixedNumbersOfWordsAreHashedAsAnyNumber(int initial) {
    int[] words = {0x0a00_0001, -7, 53, 0x7fff_ffff};
    assertThat(JenkinsHash.fourWords(words[0], words[1], words[2], words[3], initial))
        .isEqualTo(JenkinsHash.hash(words, initial));
    assertThat(JenkinsHash.threeWords(words[0], words[1], words[2], initial))
        .isEqualTo(JenkinsHash.hash(new int[] {words[0], words[1], words[2]}, initial));
  }

  @Test
  void everyWordCounts() {
    for (int length = 1; length <= 9; length++) {
      int[] words = new int[length];
      int before = JenkinsHash.hash(words, 0);
      for (int i = 0; i < length; i++) {
        words[i] = 1;
        assertThat(JenkinsHash.hash(words, 0)).as("word %s of %s", i, length).isNotEqualTo(before);
        words[i] = 0;
      }
    }
  }
}
