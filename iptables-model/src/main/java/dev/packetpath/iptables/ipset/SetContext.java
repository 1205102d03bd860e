package dev.packetpath.iptables.ipset;

import dev.packetpath.core.Operation;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;

/** What all sets of a namespace share, and what the test of one packet carries. */
final class SetContext {
  static final Operation SET_LOOKUP = Operation.named("setLookup");
  static final Operation SET_PROBE = Operation.named("setProbe");

  final VirtualClock clock;
  final Work work;

  /** The options of the rule. */
  TestOptions options = TestOptions.DEFAULT;

  /** Whether the elements of this set count the packet; a list may turn it off for its members. */
  boolean updateCounters;

  /** Whether the counters of this set's elements are compared; a list turns it off. */
  boolean compareCounters;

  /** Whether work is counted: not for questions of the user. */
  private boolean counting;

  /** The packet's length. */
  long packetBytes;

  /** What the element that matched puts on the packet. */
  SkbInfo skbinfo = SkbInfo.NONE;

  SetContext(VirtualClock clock, Work work) {
    this.clock = clock;
    this.work = work;
  }

  void start(TestOptions newOptions, long bytes) {
    options = newOptions;
    updateCounters = newOptions.updateCounters();
    compareCounters = newOptions.comparesCounters();
    packetBytes = bytes;
    skbinfo = SkbInfo.NONE;
    counting = true;
  }

  /** Starts a question that is no packet's: it counts nothing. */
  void startQuestion() {
    start(TestOptions.DEFAULT, 0);
    updateCounters = false;
    counting = false;
  }

  void countProbe() {
    if (counting) {
      work.add(SET_PROBE);
    }
  }
}
