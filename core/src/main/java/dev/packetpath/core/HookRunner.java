package dev.packetpath.core;

import dev.packetpath.core.packet.Packet;

/**
 * Runs the functions of a hook until one does not accept.
 *
 * <p>Source: net/netfilter/core.c, nf_hook_slow, Linux 6.1.
 */
public final class HookRunner {
  private static final Operation HOOK_CALL = Operation.named("hookCall");

  private final HookRegistry registry;
  private final Work work;
  private final Trace trace;

  /** Creates a runner over a registry that counts calls and tells the trace. */
  public HookRunner(HookRegistry registry, Work work, Trace trace) {
    this.registry = registry;
    this.work = work;
    this.trace = trace;
  }

  /** Returns the first verdict that is not ACCEPT, or ACCEPT. */
  public Verdict run(Packet packet, HookState state) {
    HookRegistration[] entries = registry.entries(packet.family(), state.hook());
    if (trace.isOn()) {
      trace.add(new TraceEvent.HookEntered(state.hook(), state.in(), state.out(), packet.copy()));
    }
    for (HookRegistration entry : entries) {
      work.add(HOOK_CALL);
      Verdict verdict = entry.function().run(packet, state);
      if (verdict != Verdict.ACCEPT) {
        if (trace.isOn()) {
          trace.add(new TraceEvent.HookStopped(state.hook(), entry.name(), verdict));
        }
        return verdict;
      }
    }
    return Verdict.ACCEPT;
  }
}
