package dev.packetpath.core;

import java.util.ArrayList;
import java.util.List;

/** The events of one packet, and of the packets that it caused, in order. Off until asked for. */
public final class Trace {
  private final List<TraceEvent> events = new ArrayList<>();
  private boolean on;

  /** Creates a trace that is off. */
  public Trace() {}

  /** Returns whether events are kept; ask before making one. */
  public boolean isOn() {
    return on;
  }

  /** Keeps events from now on, or no longer. */
  public void keep(boolean events) {
    this.on = events;
  }

  /** Adds an event if events are kept. */
  public void add(TraceEvent event) {
    if (on) {
      events.add(event);
    }
  }

  /** Returns the events so far and forgets them. */
  public List<TraceEvent> take() {
    List<TraceEvent> taken = List.copyOf(events);
    events.clear();
    return taken;
  }
}
