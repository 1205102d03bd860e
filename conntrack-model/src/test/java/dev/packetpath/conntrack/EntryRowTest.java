package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntryRowTest {
  @Test
  void eachDirectionHasAPathOfItsOwn() {
    int[] words = new int[EntryRow.ints(IpFamily.IPV4)];
    EntryRow.path(words, 0, 0, 0xffff);
    EntryRow.path(words, 0, 1, 0xfffe);
    assertThat(EntryRow.path(words, 0, 0)).isEqualTo(0xffff);
    assertThat(EntryRow.path(words, 0, 1)).isEqualTo(0xfffe);
    EntryRow.path(words, 0, 0, 1);
    EntryRow.path(words, 0, 1, 2);
    assertThat(EntryRow.path(words, 0, 0)).isEqualTo(1);
    assertThat(EntryRow.path(words, 0, 1)).isEqualTo(2);
  }

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
