package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Operation;
import dev.packetpath.core.Work;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records the way of one packet over the hooks, for others of its kind. It is known if each hook
 * function on it says of its call, by {@link #repeats}, that it does the same for each packet of
 * the kind. Belongs to one thread.
 *
 * <p>A function may say so, once a call, if it lets the packet go on, sends none of its own, and
 * goes by nothing but the connection's status and whether the packet belongs to it, the mark, the
 * devices, the type of service, and addresses and ports. What changes later that it goes by must
 * make the paths end ({@link #forget}).
 */
public final class PathRecording {
  /** So many paths are known at once, lest hosts whose marks never come again keep them all. */
  private static final int MOST_PATHS = 4096;

  private static final int FEWEST = 16;
  private static final int LAST_NUMBER = 0xffff;

  private enum State {
    /** No packet is recorded. */
    IDLE,
    ON,
    /** Some call of this packet's differs from packet to packet. */
    DIFFERS
  }

  /** What is recorded of a packet, which {@link RecordedPath}s are told apart by. */
  private record Way(RecordedPath.Kind kind, Route route, ImmutableList<PathEffect> effects) {}

  private final Work work;
  private final Map<Way, RecordedPath> paths = new HashMap<>();

  /** What packets were counted by since {@link #tell}. */
  private final List<CountedEffects> taken = new ArrayList<>();

  private final List<PathEffect> effects = new ArrayList<>();
  private final Map<Operation, Long> costs = new LinkedHashMap<>();
  private RecordedPath.Kind kind = new RecordedPath.Kind(Device.NONE, 0, 0, 0);

  /** The paths of this generation by their numbers less that of the first. */
  private RecordedPath[] numbered = {};

  private int firstNumber = 1;
  private int created;
  private final List<Runnable> keepers = new ArrayList<>();
  private RecordedPath closed = RecordedPath.NONE;
  private State state = State.IDLE;
  private int said;
  private int generation;

  /** Creates a recording of the paths of one host. */
  public PathRecording(Work work) {
    this.work = work;
    work.askBeforeReading(this::tell);
    forget();
  }

  /** Returns whether a packet is recorded that no call differed for yet. */
  public boolean isOn() {
    return state == State.ON;
  }

  /** Returns whether a packet is recorded, even in vain. */
  boolean isBegun() {
    return state != State.IDLE;
  }

  /**
   * Begins to record the path of a packet that came in.
   *
   * @param status what of the packet's connection the functions on the way go by
   */
  public void begin(Packet packet, Device in, int status) {
    state = State.ON;
    said = 0;
    effects.clear();
    costs.clear();
    kind = new RecordedPath.Kind(in, packet.mark(), packet.tos(), status);
  }

  /** Says of this call that it does the same for each packet of the kind. */
  public void repeats() {
    said++;
  }

  /** Says of this call that it has an effect, the same for each packet of the kind. */
  public void repeats(PathEffect effect) {
    said++;
    effects.add(effect);
  }

  /** Notes operations that each packet of the kind costs; only while {@link #isOn}. */
  public void costs(Operation operation, long times) {
    costs.merge(operation, times, Long::sum);
  }

  /** Notes that the call of a function ended, which let the packet go on. */
  public void callEnded() {
    if (said != 1) {
      differs();
    }
    said = 0;
  }

  /** Notes that something happened to the packet that may not happen to others of its kind. */
  public void differs() {
    if (state == State.ON) {
      state = State.DIFFERS;
    }
  }

  /** Ends recording without a path. */
  void stop() {
    if (state != State.IDLE) { // a store of a reference takes 5 instructions
      state = State.IDLE;
    }
  }

  /** Ends recording and returns the path, one that {@link #isClosed} if some call may differ. */
  RecordedPath end(Route route) {
    boolean known = isOn();
    stop();
    if (!known) {
      return closed;
    }
    costs.forEach(
        (operation, times) -> effects.add(new PathEffect.Operations(work, operation, times)));
    Way way = new Way(kind, route, ImmutableList.copyOf(effects));
    if (paths.size() >= MOST_PATHS && !paths.containsKey(way)) {
      return closed;
    }
    return paths.computeIfAbsent(
        way, unknown -> create(unknown.kind, unknown.route, unknown.effects));
  }

  private RecordedPath create(
      RecordedPath.Kind kind, Route route, ImmutableList<PathEffect> effects) {
    if (created == numbered.length) {
      numbered = Arrays.copyOf(numbered, Math.max(FEWEST, 2 * created));
      Arrays.fill(numbered, created, numbered.length, RecordedPath.NONE);
    }
    RecordedPath path = new RecordedPath(generation, firstNumber + created, kind, route, effects);
    numbered[created++] = path;
    return path;
  }

  /**
   * Returns the path of a number, {@link RecordedPath#NONE} if it was forgotten. Who keeps a number
   * listens to {@link #onNumbersAnew}.
   */
  public RecordedPath path(int number) {
    int place = number - firstNumber;
    return place >= 0 && place < numbered.length ? numbered[place] : RecordedPath.NONE;
  }

  /** Tells a listener when numbers are given once more, so that all that it kept are to go. */
  public void onNumbersAnew(Runnable listener) {
    keepers.add(listener);
  }

  /** Returns the path of packets whose way cannot be known: none takes it. */
  public RecordedPath closed() {
    return closed;
  }

  /** Returns what counts packets, from now until {@link #forget}, for functions with effects. */
  public CountedEffects counted(List<PathEffect> effectsOfFunctions) {
    return new CountedEffects(generation, ImmutableList.copyOf(effectsOfFunctions));
  }

  /** Returns whether what functions do, or a path, is still what it was. */
  public boolean holds(CountedEffects known) {
    return known.generation() == generation;
  }

  /** Returns whether a path says that none can be recorded now. */
  @SuppressWarnings("ReferenceEquality") // a sentinel
  public boolean isClosed(RecordedPath path) {
    return path == closed;
  }

  /** Counts a packet of so many bytes. */
  public void count(CountedEffects known, int length) {
    if (known.count(length)) {
      taken.add(known);
    }
  }

  /** Forgets all paths, because some function will do something else from now on. */
  public void forget() {
    tell();
    paths.values().forEach(RecordedPath::end);
    paths.clear();
    differs();
    generation++;
    Arrays.fill(numbered, 0, created, RecordedPath.NONE);
    firstNumber += created;
    created = 0;
    if (firstNumber + MOST_PATHS > LAST_NUMBER) {
      firstNumber = 1;
      keepers.forEach(Runnable::run);
    }
    closed = create(RecordedPath.Kind.OF_NONE, Route.NONE, ImmutableList.of());
  }

  /** Lets the functions count the packets that passed since this was asked last. */
  public void tell() {
    for (int i = 0; i < taken.size(); i++) {
      taken.get(i).tell();
    }
    taken.clear();
  }
}
