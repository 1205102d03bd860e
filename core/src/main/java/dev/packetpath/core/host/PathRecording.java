package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Operation;
import dev.packetpath.core.Work;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records the way of one packet over the hooks, for others of its kind. The way can be recorded if
 * each function on it says of its call, by {@link #repeats}, that it does the same for each packet
 * of the kind. Belongs to one thread.
 */
public final class PathRecording {
  /** What is recorded of a packet, which {@link RecordedPath}s are told apart by. */
  private record Way(RecordedPath.Kind kind, Route route, ImmutableList<PathEffect> effects) {}

  private final Work work;
  private final Map<Way, RecordedPath> paths = new HashMap<>();
  private final List<PathEffect> effects = new ArrayList<>();
  private RecordedPath.Kind kind = new RecordedPath.Kind(Device.NONE, 0, 0, 0);
  private RecordedPath closed = RecordedPath.NONE;
  private boolean on;
  private int calls;
  private int repeated;
  private int generation;

  /** Creates a recording of the paths of one host. */
  public PathRecording(Work work) {
    this.work = work;
    work.askBeforeReading(this::tell);
    forget();
  }

  /** Returns whether a path is being recorded. */
  public boolean isOn() {
    return on;
  }

  /**
   * Begins to record the path of a packet that came in.
   *
   * @param status what of the packet's connection the functions on the way go by
   */
  public void begin(Packet packet, Device in, int status) {
    on = true;
    calls = 0;
    repeated = 0;
    effects.clear();
    kind = new RecordedPath.Kind(in, packet.mark(), packet.tos(), status);
  }

  void stop() {
    on = false;
  }

  /** Notes that functions were called of which each must say that its call repeats. */
  public void called(int functions) {
    calls += functions;
  }

  /** Says of one call that it does the same for each packet of the kind. */
  public void repeats() {
    repeated++;
  }

  /** Says of one call that it has an effect, the same for each packet of the kind. */
  public void repeats(PathEffect effect) {
    repeated++;
    effects.add(effect);
  }

  /** Notes operations that each packet of the kind costs. */
  public void costs(Operation operation, long times) {
    effects.add(new PathEffect.Operations(work, operation, times));
  }

  /** Ends recording and returns the path, one that {@link #isClosed} if some call may differ. */
  RecordedPath end(Route route) {
    on = false;
    if (calls != repeated) {
      return closed;
    }
    return paths.computeIfAbsent(
        new Way(kind, route, ImmutableList.copyOf(effects)),
        way -> new RecordedPath(generation, way.kind, way.route, way.effects));
  }

  /** Returns whether a path is of those that hold now. */
  public boolean holds(RecordedPath path) {
    return path.generation() == generation;
  }

  /** Returns whether a path says that none can be recorded now. */
  @SuppressWarnings("ReferenceEquality") // a sentinel
  public boolean isClosed(RecordedPath path) {
    return path == closed;
  }

  /** Forgets all paths, because some function will do something else from now on. */
  public void forget() {
    paths.values().forEach(RecordedPath::end);
    paths.clear();
    on = false;
    generation++;
    closed = RecordedPath.closed(generation);
  }

  /** Lets the functions count the packets that passed since this was asked last. */
  public void tell() {
    paths.values().forEach(RecordedPath::tell);
  }
}
