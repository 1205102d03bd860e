package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.HookState;
import dev.packetpath.core.UniformFunction;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.packet.Packet;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Counts packets by state and devices, as a table's walk does that asks for these and the mark. */
final class CountingFunction implements UniformFunction {
  /** What packets have in common that are counted together. */
  record Kind(ConnectionState state, Device in, Device out) {
    static Kind of(Packet packet, HookState state) {
      return new Kind(PacketConnection.stateOf(packet), state.in(), state.out());
    }
  }

  /** The packets and the bytes of each kind. */
  private final Map<Kind, LongArrayList> counted = new HashMap<>();

  private int droppedMark;
  private int runs;

  /**
   * Creates a function.
   *
   * @param droppedMark the mark of packets that it drops, of which it does not say what it does
   */
  CountingFunction(int droppedMark) {
    this.droppedMark = droppedMark;
  }

  @Override
  public Verdict run(Packet packet, HookState state) {
    runs++;
    add(Kind.of(packet, state), 1, packet.length());
    return packet.mark() == droppedMark ? Verdict.DROP : Verdict.ACCEPT;
  }

  @Override
  public Optional<PathEffect> effectOn(Packet packet, HookState state) {
    Kind kind = Kind.of(packet, state);
    return packet.mark() == droppedMark
        ? Optional.empty()
        : Optional.of((packets, bytes) -> add(kind, packets, bytes));
  }

  private void add(Kind kind, long packets, long bytes) {
    LongArrayList sums = counted.computeIfAbsent(kind, created -> LongArrayList.of(0, 0));
    sums.set(0, sums.getLong(0) + packets);
    sums.set(1, sums.getLong(1) + bytes);
  }

  void dropMark(int mark) {
    droppedMark = mark;
  }

  /** Returns how many packets it saw itself since this was asked last. */
  int takeRuns() {
    int taken = runs;
    runs = 0;
    return taken;
  }

  /** Returns how many packets it counted. */
  long packets() {
    return counted.values().stream().mapToLong(sums -> sums.getLong(0)).sum();
  }

  /** Returns the packets and the bytes of each kind that it counted. */
  ImmutableMap<Kind, LongArrayList> counted() {
    return ImmutableMap.copyOf(counted);
  }
}
