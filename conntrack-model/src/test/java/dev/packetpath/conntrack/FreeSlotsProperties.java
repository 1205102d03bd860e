package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Slots come back in the order in which they were given. */
final class FreeSlotsProperties {
  @Property(tries = 50)
  void theFirstToComeIsTheFirstToGo(
      @ForAll @IntRange(max = 3 * EntryStore.UNTOUCHED) int before,
      @ForAll @IntRange(max = 3 * EntryStore.UNTOUCHED) int waiting,
      @ForAll @IntRange(max = 3 * EntryStore.UNTOUCHED) int after) {
    FreeSlots slots = new FreeSlots();
    Queue<Integer> expected = new ArrayDeque<>();
    int next = 0;
    for (int i = 0; i < before; i++) {
      slots.add(next);
      expected.add(next++);
      if (expected.size() > waiting) {
        assertThat(slots.take()).isEqualTo(expected.remove());
      }
    }
    for (int i = 0; i < after; i++) {
      slots.add(next);
      expected.add(next++);
      assertThat(slots.size()).isEqualTo(expected.size());
    }
    while (!expected.isEmpty()) {
      assertThat(slots.take()).isEqualTo(expected.remove());
    }
    assertThat(slots.size()).isZero();
  }
}
