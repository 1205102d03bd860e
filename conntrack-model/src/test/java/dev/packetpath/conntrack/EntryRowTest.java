package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntryRowTest {
  @ParameterizedTest
  @EnumSource
  void clearingLeavesNothingOfTheRowsOwnerBeforeAndNeighboursAsTheyAre(IpFamily family) {
    int ints = EntryRow.ints(family);
    int[] words = new int[3 * ints];
    Arrays.fill(words, -1);

    EntryRow.clear(words, ints);

    int kind = ints + EntryRow.KIND;
    assertThat(Arrays.copyOfRange(words, ints, kind)).containsOnly(0);
    assertThat(Arrays.copyOfRange(words, 0, ints)).containsOnly(-1);
    assertThat(Arrays.copyOfRange(words, kind, words.length)).containsOnly(-1);
  }
}
