package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class WorkTest {
  @Test
  void countsByNameAndForgets() {
    Work work = new Work();
    Operation first = Operation.named("testFirst");
    Operation second = Operation.named("testSecond");
    work.add(second, 3);
    work.add(first);
    work.add(Operation.named("testFirst"));
    assertThat(work.count(first)).isEqualTo(2);
    assertThat(work).hasToString("{testFirst=2, testSecond=3}");
    work.clear();
    assertThat(work.toMap()).isEmpty();
  }

  @Test
  void holdsAnyNumberOfOperations() {
    Work work = new Work();
    for (int i = 0; i < 100; i++) {
      work.add(Operation.named("test" + i), i);
    }
    assertThat(work.count(Operation.named("test99"))).isEqualTo(99);
    assertThat(work.count(Operation.named("testNever"))).isZero();
  }

  @Test
  void theClockDoesNotGoBack() {
    VirtualClock clock = new VirtualClock(5);
    clock.advanceTo(10);
    assertThat(clock.wallClockNs()).isEqualTo(15);
    assertThatThrownBy(() -> clock.advanceTo(9))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("time goes backwards: from 10 ns to 9 ns");
  }

  @Test
  void whoCountsOnHisOwnIsAskedWheneverTheTallyIsRead() {
    Operation known = Operation.named("known");
    Operation told = Operation.named("told");
    Work work = new Work();
    work.askBeforeReading(() -> work.add(told));
    work.add(known);
    assertThat(work.count(told)).isEqualTo(1);
    assertThat(work.toMap()).containsEntry("told", 2L);
    Work sum = new Work();
    sum.add(work);
    assertThat(sum.count(told)).isEqualTo(3);
    work.clear();
    assertThat(work.count(told)).isEqualTo(1);
    assertThat(work.count(known)).isZero();
  }

  @Test
  void anotherTallyIsAdded() {
    Work other = new Work();
    Operation last = Operation.named("number0");
    for (int i = 0; i < 100; i++) {
      last = Operation.named("number" + i);
    }
    other.add(last, 3);
    Work work = new Work();
    work.add(Operation.named("number0"));
    work.add(other);
    work.add(other);
    assertThat(work.count(last)).isEqualTo(6);
    assertThat(work.count(Operation.named("number0"))).isEqualTo(1);
  }
}
