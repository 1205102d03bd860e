package dev.packetpath.examples.conntrack;

import dev.packetpath.conntrack.ConntrackEvent;
import dev.packetpath.core.TraceEvent;

/** Puts what connection tracking did with a packet into words. */
final class EventText {
  private EventText() {}

  /**
   * What an example has to say between the steps of a packet.
   *
   * @param text the words
   */
  record Remark(String text) implements TraceEvent {}

  /** Returns a line, "" for an event that does not matter here. */
  static String of(TraceEvent event) {
    if (event instanceof TraceEvent.HookEntered entered) {
      return entered.hook().name();
    }
    if (event instanceof ConntrackEvent.LookedUp found) {
      return "  conntrack: "
          + (found.created() ? "a new entry, " : "")
          + found.state().name()
          + (found.after().isEmpty() ? "" : ", " + found.after());
    }
    if (event instanceof ConntrackEvent.Invalid invalid) {
      return "  conntrack: INVALID, " + invalid.reason();
    }
    if (event instanceof ConntrackEvent.NatSetUp nat && !nat.before().equals(nat.after())) {
      return "  nat: "
          + nat.before()
          + " becomes "
          + nat.after()
          + ", tuples looked up: "
          + nat.probes();
    }
    if (event instanceof ConntrackEvent.Confirmed confirmed) {
      return "  conntrack: confirmed, answers are " + confirmed.reply();
    }
    if (event instanceof ConntrackEvent.Dropped dropped) {
      return "  dropped: " + dropped.reason();
    }
    if (event instanceof TraceEvent.HookStopped stopped) {
      return "  stopped by " + stopped.function();
    }
    if (event instanceof Remark remark) {
      return "-- " + remark.text() + " --";
    }
    return event instanceof TraceEvent.Emitted emitted
        ? "leaves by " + emitted.out() + ": " + emitted.packet()
        : "";
  }
}
