package dev.packetpath.core;

import dev.packetpath.core.net.IpFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The functions on the five hooks of both families, in the order in which they run: lowest priority
 * first, and of equal priority the one registered last first.
 *
 * <p>Source: net/netfilter/core.c, nf_hook_entries_grow, Linux 6.1.
 */
public final class HookRegistry {
  private static final int HOOKS = Hook.values().length;
  private static final HookRegistration[] EMPTY = {};
  private static final HookFunction[] NO_FUNCTION = {};

  private final HookRegistration[][] registrations =
      new HookRegistration[IpFamily.values().length * HOOKS][];

  /** What of the registrations runs. */
  private final HookFunction[][] functions = new HookFunction[registrations.length][];

  private final List<Runnable> changeListeners = new ArrayList<>();

  /** Creates a registry with no function on any hook. */
  public HookRegistry() {
    Arrays.fill(registrations, EMPTY);
    Arrays.fill(functions, NO_FUNCTION);
  }

  /** Adds a function in front of the first one whose priority is not lower. */
  public void register(
      IpFamily family, Hook hook, int priority, String name, HookFunction function) {
    int slot = slot(family, hook);
    HookRegistration[] old = registrations[slot];
    int at = 0;
    while (at < old.length && old[at].priority() < priority) {
      at++;
    }
    HookRegistration[] grown = new HookRegistration[old.length + 1];
    System.arraycopy(old, 0, grown, 0, at);
    grown[at] = new HookRegistration(name, priority, function);
    System.arraycopy(old, at, grown, at + 1, old.length - at);
    put(slot, grown);
  }

  /**
   * Removes a function that {@link #register} added under this name; does nothing if there is none.
   */
  public void unregister(IpFamily family, Hook hook, String name) {
    int slot = slot(family, hook);
    put(
        slot,
        Arrays.stream(registrations[slot])
            .filter(registration -> !registration.name().equals(name))
            .toArray(HookRegistration[]::new));
  }

  private void put(int slot, HookRegistration[] entries) {
    registrations[slot] = entries;
    functions[slot] =
        Arrays.stream(entries).map(HookRegistration::function).toArray(HookFunction[]::new);
    changeListeners.forEach(Runnable::run);
  }

  /** Tells somebody, from now on, when other functions run on a hook. */
  public void onChange(Runnable listener) {
    changeListeners.add(listener);
  }

  /** Returns the functions of a hook in the order in which they run. */
  public List<HookRegistration> at(IpFamily family, Hook hook) {
    return List.of(registrations[slot(family, hook)]);
  }

  /** Returns the functions of {@link #at}; not to be changed. */
  HookFunction[] functions(IpFamily family, Hook hook) {
    return functions[slot(family, hook)];
  }

  private static int slot(IpFamily family, Hook hook) {
    return family.ordinal() * HOOKS + hook.ordinal();
  }
}
