package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookRegistration;
import dev.packetpath.core.HookRunner;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Operation;
import dev.packetpath.core.UniformFunction;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.CountedEffects;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * What the functions on the hooks of a host do for first packets of connections, kind by kind. It
 * is asked of the functions when the first packet of a kind comes; the newest kind takes the place
 * of another. Belongs to one thread.
 */
final class FirstRuns {
  private static final int PLACE_BITS = 8;
  private static final int GOLDEN_GAMMA = 0x9e37_79b9;

  /**
   * So many are learnt until functions change, lest hosts whose marks never come again learn more
   * than they gain.
   */
  private static final int MOST_LEARNT = 1 << 14;

  /** What the first functions on a hook do, or that this is not known. */
  private record Learnt(
      int functions, boolean translates, Optional<NatHook> nat, List<PathEffect> effects) {
    static final Learnt NOTHING = new Learnt(0, false, Optional.empty(), List.of());
  }

  /** The kinds of first packets at one hook. */
  private final class Kinds {
    private final Hook hook;
    private final BiFunction<Packet, HookState, Learnt> learner;
    private final FirstRun[] runs = new FirstRun[1 << PLACE_BITS];

    /** The last packet's kind, mostly the next one's too: then no place is reckoned. */
    private FirstRun last = unknown;

    Kinds(Hook hook, BiFunction<Packet, HookState, Learnt> learner) {
      this.hook = hook;
      this.learner = learner;
      forget();
    }

    void forget() {
      Arrays.fill(runs, unknown);
      last = unknown;
    }

    FirstRun of(Packet packet, Device in, Device out, int translated) {
      if (last.isOf(packet, in, out, translated) && recording.holds(last.effects())) {
        return last;
      }
      int place = place(packet, in, out, translated);
      FirstRun run = runs[place];
      if (!run.isOf(packet, in, out, translated) || !recording.holds(run.effects())) {
        if (!mayLearn()) {
          return unknown;
        }
        HookState state = new HookState(hook, in, out);
        run = run(packet, state, translated, learner.apply(packet, state));
        runs[place] = run;
      }
      last = run;
      return run;
    }

    private static int place(Packet packet, Device in, Device out, int translated) {
      int devices = out.index() * 31 + in.index();
      int kind = packet.family().ordinal() * 31 + translated;
      int hash = ((kind * 31 + packet.mark()) * 961 + devices) * GOLDEN_GAMMA;
      return hash >>> (Integer.SIZE - PLACE_BITS);
    }
  }

  private final Host host;
  private final Work work;
  private final PathRecording recording;
  private final HookFunction defragment;
  private final HookFunction lookUp;
  private final HookFunction confirm;
  private FirstRun unknown;
  private final Kinds opening;
  private final Kinds forwarded;
  private final List<Kinds> firstOfHook;
  private int learnt;

  /**
   * Creates runs of a host.
   *
   * @param defragment as it is registered, like the others
   */
  FirstRuns(Host host, HookFunction defragment, HookFunction lookUp, HookFunction confirm) {
    this.host = host;
    this.work = host.work();
    this.recording = host.recording();
    this.defragment = defragment;
    this.lookUp = lookUp;
    this.confirm = confirm;
    this.unknown = unknown();
    this.opening = new Kinds(Hook.PREROUTING, this::learnOpening);
    this.forwarded = new Kinds(Hook.FORWARD, this::learnForwarded);
    this.firstOfHook = Stream.of(Hook.values()).map(hook -> new Kinds(hook, this::learn)).toList();
  }

  private void forget() {
    unknown = unknown();
    opening.forget();
    forwarded.forget();
    firstOfHook.forEach(Kinds::forget);
    learnt = 0;
  }

  private FirstRun unknown() {
    HookState never = new HookState(Hook.INPUT, Device.NONE, Device.NONE);
    CountedEffects nothing = recording.counted(ImmutableList.of());
    return new FirstRun(never, IpFamily.IPV4, 0, 0, 0, false, Optional.empty(), nothing);
  }

  /**
   * Returns what the functions do up to where conntrack has looked a packet up and beyond, for a
   * whole TCP segment that nothing is attached to; or up to where it is confirmed, or as far as is
   * known at FORWARD, for the first packet of a connection.
   *
   * @param translated see {@link FirstRun}
   */
  FirstRun of(Packet packet, HookState state, int translated) {
    return firstOfHook.get(state.hook().ordinal()).of(packet, state.in(), state.out(), translated);
  }

  /**
   * Returns what all functions on PREROUTING do, but for NAT at their end, for a whole TCP segment
   * that nothing is attached to, and that all are called.
   */
  FirstRun ofOpening(Packet packet, Device in) {
    return opening.of(packet, in, Device.NONE, 0);
  }

  /**
   * Returns what all functions on FORWARD and on POSTROUTING do for the first packet of a
   * connection, and that they are called; the hook in its state says nothing.
   *
   * @param translated see {@link FirstRun}
   */
  FirstRun ofForwarded(Packet packet, Device in, Device out, int translated) {
    return forwarded.of(packet, in, out, translated);
  }

  /** Returns whether one more kind may be learnt; forgets what does not hold any more. */
  private boolean mayLearn() {
    if (!recording.holds(unknown.effects())) {
      forget();
    }
    if (learnt == MOST_LEARNT) {
      return false;
    }
    learnt++;
    return true;
  }

  private FirstRun run(Packet packet, HookState state, int translated, Learnt of) {
    return new FirstRun(
        state,
        packet.family(),
        packet.mark(),
        translated,
        of.functions,
        of.translates,
        of.nat,
        recording.counted(of.effects));
  }

  private Learnt learnOpening(Packet packet, HookState state) {
    List<HookRegistration> all = host.hooks().at(packet.family(), Hook.PREROUTING);
    Learnt known = learn(packet, state);
    Optional<NatHook> nat =
        known.functions == all.size() - 1
                && all.get(known.functions).function() instanceof NatHook last
            ? Optional.of(last)
            : Optional.empty();
    if (known.functions == 0 || (known.functions < all.size() && nat.isEmpty())) {
      return Learnt.NOTHING;
    }
    return new Learnt(all.size(), false, nat, withCalls(known.effects, all.size()));
  }

  private List<PathEffect> withCalls(List<PathEffect> effects, int functions) {
    List<PathEffect> all = new ArrayList<>(effects);
    all.add(new PathEffect.Operations(work, HookRunner.HOOK_CALL, functions));
    return all;
  }

  private Learnt learnForwarded(Packet packet, HookState state) {
    Learnt before = learn(packet, state);
    Learnt behind = learn(packet, new HookState(Hook.POSTROUTING, state.in(), state.out()));
    int functions = before.functions + behind.functions;
    int all =
        host.hooks().at(packet.family(), Hook.FORWARD).size()
            + host.hooks().at(packet.family(), Hook.POSTROUTING).size();
    if (behind.functions == 0 || functions < all) {
      return Learnt.NOTHING;
    }
    List<PathEffect> effects = new ArrayList<>(before.effects);
    effects.addAll(behind.effects);
    return new Learnt(
        functions, behind.translates, Optional.empty(), withCalls(effects, functions));
  }

  private Learnt learn(Packet packet, HookState state) {
    List<PathEffect> effects = new ArrayList<>();
    Packet like = packet.copy();
    int functions = 0;
    boolean isEnough = state.hook() == Hook.FORWARD;
    boolean translates = false;
    for (HookRegistration registered : host.hooks().at(packet.family(), state.hook())) {
      HookFunction function = registered.function();
      Optional<List<PathEffect>> ofFunction = effectsOf(function, like, state);
      boolean isSecondNat = translates && function instanceof NatHook; // has nothing left to do
      if (ofFunction.isEmpty() || isSecondNat) {
        break;
      }
      effects.addAll(ofFunction.get());
      functions++;
      isEnough |= function == lookUp || function == confirm;
      translates |= function instanceof NatHook;
      if (function == lookUp) {
        Tuple tuple = TupleReader.read(packet);
        Connection connection = new Connection(tuple, tuple.inverse(), Zone.DEFAULT);
        PacketConnection.set(like, connection, ConnectionState.NEW);
      }
    }
    return isEnough ? new Learnt(functions, translates, Optional.empty(), effects) : Learnt.NOTHING;
  }

  /** Returns what a function does for each packet of a kind, if it is known. */
  private Optional<List<PathEffect>> effectsOf(
      HookFunction function, Packet like, HookState state) {
    if (function == defragment) {
      return cost(ConntrackOperations.DEFRAGMENT);
    }
    if (function == lookUp) {
      return cost(
          ConntrackOperations.LOOKUP, ConntrackOperations.ALLOCATE, ConntrackOperations.UPDATE);
    }
    if (function == confirm) {
      return cost(ConntrackOperations.INSERT);
    }
    if (function instanceof NatHook nat && state.hook() == Hook.POSTROUTING) {
      return nat.effectsOn(like, state).map(this::withBinding);
    }
    return function instanceof UniformFunction uniform
        ? uniform.effectOn(like, state).map(List::of)
        : Optional.empty();
  }

  /** Adds what {@link Nat#bindToItself} costs. */
  private List<PathEffect> withBinding(List<PathEffect> ofChains) {
    ofChains.addAll(
        operations(
            ConntrackOperations.NAT_PORT_PROBE,
            ConntrackOperations.NAT_SET_UP,
            ConntrackOperations.NAT_SOURCE_INSERT));
    return ofChains;
  }

  private Optional<List<PathEffect>> cost(Operation... operations) {
    return Optional.of(operations(operations));
  }

  private List<PathEffect> operations(Operation... operations) {
    return Stream.of(operations)
        .<PathEffect>map(operation -> new PathEffect.Operations(work, operation, 1))
        .toList();
  }
}
