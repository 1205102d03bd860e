package dev.packetpath.core.host;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import java.util.Arrays;

/**
 * The states of one hook by its devices, so that packets on the same way share one: a cache in
 * which the newest way takes the place of another.
 */
final class HookStates {
  private static final int PLACES = 64;

  private final Hook hook;
  private final HookState[] states = new HookState[PLACES];

  HookStates(Hook hook) {
    this.hook = hook;
    Arrays.fill(states, new HookState(hook, Device.NONE, Device.NONE));
  }

  /** Returns the state between two devices; does not allocate where it was the last one there. */
  @SuppressWarnings("ReferenceEquality") // an equal device that is another object makes a new state
  HookState of(Device in, Device out) {
    int place = (in.index() * 8 + out.index()) & (PLACES - 1);
    HookState state = states[place];
    if (state.in() != in || state.out() != out) {
      state = new HookState(hook, in, out);
      states[place] = state;
    }
    return state;
  }
}
