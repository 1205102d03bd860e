package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

final class TraceTest {
  private static final TraceEvent EVENT = new TraceEvent.Sent("somebody", new Packet());

  private final Trace trace = new Trace();

  @Test
  void nothingIsKeptUntilItIsAskedFor() {
    trace.add(EVENT);
    assertThat(trace.isOn()).isFalse();
    assertThat(trace.take()).isEmpty();
  }

  @Test
  void eventsAreTakenOnceAndInOrder() {
    TraceEvent second = new TraceEvent.Sent("another", new Packet());
    trace.keep(true);
    trace.add(EVENT);
    trace.add(second);
    assertThat(trace.isOn()).isTrue();
    assertThat(trace.take()).containsExactly(EVENT, second);
    assertThat(trace.take()).isEmpty();
  }

  @Test
  void itCanBeSwitchedOffAgain() {
    trace.keep(true);
    trace.keep(false);
    trace.add(EVENT);
    assertThat(trace.take()).isEmpty();
  }
}
