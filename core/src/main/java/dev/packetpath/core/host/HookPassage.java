package dev.packetpath.core.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.BottomHalves;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookRunner;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.Operation;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.stream.Stream;

/** Takes packets over one hook after the other, and tells of them and of their routes. */
final class HookPassage {
  private static final Operation ROUTE_LOOKUP = Operation.named("routeLookup");

  private final Host host;
  private final HookRunner runner;
  private final PathRecording recording;
  private final HookStates[] states =
      Stream.of(Hook.values()).map(HookStates::new).toArray(HookStates[]::new);

  HookPassage(Host host, BottomHalves bottomHalves) {
    this.host = host;
    this.recording = host.recording();
    this.runner = new HookRunner(host.hooks(), host.work(), host.trace(), bottomHalves, recording);
  }

  void shortcut(HookShortcut shortcut) {
    runner.shortcut(shortcut);
  }

  /** Lets the functions of PREROUTING look ahead at some packets that came in by a device. */
  void lookAhead(List<Packet> burst, int from, int end, Device in) {
    runner.lookAhead(burst, from, end, states[Hook.PREROUTING.ordinal()].of(in, Device.NONE));
  }

  /** Returns whether all functions of PREROUTING let a packet go on that came in by a device. */
  boolean receives(Packet packet, Device in) {
    HookShortcut.Passage known = runner.opens(packet, in);
    return known == HookShortcut.Passage.UNKNOWN
        ? accepts(packet, Hook.PREROUTING, in, Device.NONE)
        : known == HookShortcut.Passage.GOES_ON;
  }

  /** Returns whether all functions of a hook let a packet go on. */
  boolean accepts(Packet packet, Hook hook, Device in, Device out) {
    return run(packet, hook, in, out) == Verdict.ACCEPT;
  }

  /** Returns what the functions of a hook say of a packet. */
  @CanIgnoreReturnValue
  Verdict run(Packet packet, Hook hook, Device in, Device out) {
    Verdict verdict = runner.run(packet, states[hook.ordinal()].of(in, out));
    if (verdict == Verdict.DROP) {
      drop("dropped in " + hook, packet.attachment(Errno.OF_DROP));
    }
    return verdict;
  }

  /** Returns what the sender of a packet is told that a hook did not let go on. */
  static Errno errno(Packet packet, Verdict verdict) {
    return verdict == Verdict.DROP ? packet.attachment(Errno.OF_DROP) : Errno.OK;
  }

  /** Does at once what FORWARD and POSTROUTING do, see {@link HookRunner#forwards}. */
  boolean forwards(Packet packet, Device in, Device out) {
    return runner.forwards(packet, in, out);
  }

  /** Tells that a packet ended here. */
  void drop(String reason) {
    drop(reason, Errno.OK);
  }

  /** Tells that a packet ended here, and what its sender is told. */
  void drop(String reason, Errno errno) {
    if (recording.isOn()) {
      recording.stop(); // dropped for its own faults, before another function was called
    }
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Dropped(reason, errno));
    }
  }

  /** Counts the look-up of a route, tells of it and returns the route. */
  Route routed(Route route, String why) {
    host.work().add(ROUTE_LOOKUP);
    if (recording.isOn()) {
      recording.costs(ROUTE_LOOKUP, 1);
    }
    if (host.trace().isOn()) {
      host.trace().add(new TraceEvent.Routed(route, why));
    }
    return route;
  }
}
