package dev.packetpath.core;

import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.packet.Packet;
import java.util.List;

/**
 * Runs the functions of a hook until one does not let the packet go on.
 *
 * <p>Source: net/netfilter/core.c, nf_hook_slow, Linux 6.1.
 */
public final class HookRunner {
  /** The call of a hook function. */
  public static final Operation HOOK_CALL = Operation.named("hookCall");

  private final HookRegistry registry;
  private final Work work;
  private final Trace trace;
  private final BottomHalves bottomHalves;
  private final PathRecording recording;
  private HookShortcut shortcut = HookShortcut.NONE;

  /** Creates a runner over a registry that counts calls and tells the trace. */
  public HookRunner(
      HookRegistry registry,
      Work work,
      Trace trace,
      BottomHalves bottomHalves,
      PathRecording recording) {
    this.registry = registry;
    this.work = work;
    this.trace = trace;
    this.bottomHalves = bottomHalves;
    this.recording = recording;
  }

  /** Sets who does at once what several functions do, where that is known. */
  public void shortcut(HookShortcut known) {
    this.shortcut = known;
  }

  /** Returns the first verdict that ends the packet's way, or ACCEPT. */
  public Verdict run(Packet packet, HookState state) {
    HookFunction[] functions = registry.functions(packet.family(), state.hook());
    if (trace.isOn()) {
      trace.add(new TraceEvent.HookEntered(state.hook(), state.in(), state.out(), packet.copy()));
    }
    int done = trace.isOn() || recording.isOn() ? 0 : shortcut.run(packet, state);
    boolean waits = bottomHalves.isHeld();
    for (int i = done; i < functions.length; i++) {
      Verdict verdict =
          waits ? functions[i].run(packet, state) : runHolding(functions[i], packet, state);
      if (!verdict.letsGoOn()) {
        work.add(HOOK_CALL, i + 1L);
        recording.differs();
        if (trace.isOn()) {
          String name = registry.at(packet.family(), state.hook()).get(i).name();
          trace.add(new TraceEvent.HookStopped(state.hook(), name, verdict));
        }
        return verdict;
      }
      if (recording.isOn()) {
        recording.callEnded();
      }
    }
    work.add(HOOK_CALL, functions.length);
    if (recording.isOn()) {
      recording.costs(HOOK_CALL, functions.length);
    }
    return Verdict.ACCEPT;
  }

  /**
   * Lets the functions of a hook look ahead, those for the family of the first packet; see {@link
   * HookFunction#lookAhead}.
   */
  public void lookAhead(List<Packet> burst, int from, int end, HookState state) {
    for (HookFunction function : registry.functions(burst.get(from).family(), state.hook())) {
      function.lookAhead(burst, from, end, state);
    }
  }

  /**
   * Does at once what all functions on PREROUTING would do for a packet that came in by a device,
   * and returns what they did.
   */
  public HookShortcut.Passage opens(Packet packet, Device in) {
    return trace.isOn() || recording.isOn() || !bottomHalves.isHeld()
        ? HookShortcut.Passage.UNKNOWN
        : shortcut.opens(packet, in);
  }

  /**
   * Does at once what all functions on FORWARD and POSTROUTING would do for a packet, which they
   * let go on; does nothing and returns false if that is not known.
   */
  public boolean forwards(Packet packet, Device in, Device out) {
    return !trace.isOn() && !recording.isOn() && shortcut.forwards(packet, in, out);
  }

  private Verdict runHolding(HookFunction function, Packet packet, HookState state) {
    boolean heldBefore = bottomHalves.hold();
    Verdict verdict = function.run(packet, state);
    bottomHalves.release(heldBefore);
    return verdict;
  }
}
