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
  private record Learnt(int functions, boolean translates, List<PathEffect> effects) {
    static final Learnt NOTHING = new Learnt(0, false, List.of());
  }

  private final Host host;
  private final Work work;
  private final PathRecording recording;
  private final HookFunction defragment;
  private final HookFunction lookUp;
  private final HookFunction confirm;
  private FirstRun unknown;
  private final FirstRun[] runs = new FirstRun[1 << PLACE_BITS];
  private final FirstRun[] forwarded = new FirstRun[1 << PLACE_BITS];

  // Those that were returned last: most of the time the next packet's too, and no place is
  // reckoned.
  private FirstRun last;
  private FirstRun lastForwarded;
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
    this.last = unknown;
    this.lastForwarded = unknown;
    fill();
  }

  private void fill() {
    Arrays.fill(runs, unknown);
    Arrays.fill(forwarded, unknown);
  }

  private void forget() {
    unknown = unknown();
    fill();
    learnt = 0;
  }

  private FirstRun unknown() {
    HookState never = new HookState(Hook.INPUT, Device.NONE, Device.NONE);
    CountedEffects nothing = recording.counted(ImmutableList.of());
    return new FirstRun(never, IpFamily.IPV4, 0, 0, 0, false, nothing);
  }

  /**
   * Returns what the functions do up to where conntrack has looked a packet up and beyond, for a
   * whole TCP segment that nothing is attached to; or up to where it is confirmed, or as far as is
   * known at FORWARD, for the first packet of a connection.
   *
   * @param translated see {@link FirstRun}
   */
  FirstRun of(Packet packet, HookState state, int translated) {
    if (last.isOf(packet, state, translated) && recording.holds(last.effects())) {
      return last;
    }
    int place = place(packet, state.hook(), state.in(), state.out(), translated);
    FirstRun run = runs[place];
    if (!run.isOf(packet, state, translated) || !recording.holds(run.effects())) {
      if (!mayLearn()) {
        return unknown;
      }
      run = run(packet, state, translated, learn(packet, state));
      runs[place] = run;
    }
    last = run;
    return run;
  }

  /**
   * Returns what all functions on FORWARD and on POSTROUTING do for the first packet of a
   * connection, and that they are called; the hook in its state says nothing.
   *
   * @param translated see {@link FirstRun}
   */
  FirstRun ofForwarded(Packet packet, Device in, Device out, int translated) {
    if (lastForwarded.isOfForwarded(packet, in, out, translated)
        && recording.holds(lastForwarded.effects())) {
      return lastForwarded;
    }
    int place = place(packet, Hook.FORWARD, in, out, translated);
    FirstRun run = forwarded[place];
    if (!run.isOfForwarded(packet, in, out, translated) || !recording.holds(run.effects())) {
      if (!mayLearn()) {
        return unknown;
      }
      HookState state = new HookState(Hook.FORWARD, in, out);
      run = run(packet, state, translated, learnForwarded(packet, state));
      forwarded[place] = run;
    }
    lastForwarded = run;
    return run;
  }

  private static int place(Packet packet, Hook hook, Device in, Device out, int translated) {
    int devices = out.index() * 31 + in.index();
    int kind = (packet.family().ordinal() * 31 + hook.ordinal()) * 31 + translated;
    int hash = ((kind * 31 + packet.mark()) * 961 + devices) * GOLDEN_GAMMA;
    return hash >>> (Integer.SIZE - PLACE_BITS);
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
        recording.counted(of.effects));
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
    effects.add(new PathEffect.Operations(work, HookRunner.HOOK_CALL, functions));
    return new Learnt(functions, behind.translates, effects);
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
    return isEnough ? new Learnt(functions, translates, effects) : Learnt.NOTHING;
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
