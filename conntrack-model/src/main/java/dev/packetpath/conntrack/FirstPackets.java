package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/**
 * Takes first packets of connections past the hook functions that do the same for all of them: up
 * to NAT at PREROUTING, where a SYN gets its connection, as far as is known at FORWARD, and all of
 * POSTROUTING, where the connection is confirmed. Where all of FORWARD is known too, it and
 * POSTROUTING are gone past at once: a new connection to the only Service takes 337 instead of 373
 * ns. So is PREROUTING where nothing is left there but NAT, whose chains are then asked without
 * finding out again that the packet is a new connection's: 190 instructions less. While somebody
 * listens to connection tracking all goes over the hooks, except at FORWARD: a listener may read
 * what the functions counted.
 *
 * <p>Hot: {@link #run}, {@link #opens(Packet, Device)} and {@link #forwards}. They allocate the
 * connection alone.
 */
final class FirstPackets implements HookShortcut {
  /** The status that the first packet's connection may have before POSTROUTING. */
  private static final int STATUS = ConnectionStatus.DST_NAT | ConnectionStatus.DST_NAT_DONE;

  private final FirstRuns runs;
  private final Lookup lookup;
  private final Entries entries;
  private final Expectations expectations;
  private final Collector collector;
  private final Events events;
  private final VirtualClock clock;
  private final Work work;
  private final PathRecording recording;

  FirstPackets(
      Host host,
      FirstRuns runs,
      Lookup lookup,
      Entries entries,
      Expectations expectations,
      Collector collector,
      Events events) {
    this.runs = runs;
    this.lookup = lookup;
    this.entries = entries;
    this.expectations = expectations;
    this.collector = collector;
    this.events = events;
    this.clock = host.clock();
    this.work = host.work();
    this.recording = host.recording();
  }

  @Override
  public int run(Packet packet, HookState state) {
    if (state.hook() == Hook.PREROUTING) {
      return opens(packet, state);
    }
    if (state.hook() != Hook.FORWARD && state.hook() != Hook.POSTROUTING) {
      return 0;
    }
    Connection connection = PacketConnection.connectionOf(packet);
    int status = connection.status();
    if (!isFirst(packet, status)) {
      return 0;
    }
    boolean confirms = state.hook() == Hook.POSTROUTING;
    if (confirms && events.isOn()) {
      return 0;
    }
    FirstRun run = runs.of(packet, state, status & ConnectionStatus.NAT_MASK);
    if (run.functions() == 0) {
      return 0;
    }
    if (confirms) {
      return enters(connection, run, packet) ? run.functions() : 0;
    }
    count(run, packet);
    return run.functions();
  }

  private int opens(Packet packet, HookState state) {
    if (!mayOpen(packet)) {
      return 0;
    }
    FirstRun run = runs.of(packet, state, 0);
    if (run.functions() == 0 || !lookup.opens(packet)) {
      return 0;
    }
    count(run, packet);
    return run.functions();
  }

  @Override
  public Passage opens(Packet packet, Device in) {
    if (!mayOpen(packet)) {
      return Passage.UNKNOWN;
    }
    FirstRun run = runs.ofOpening(packet, in);
    if (run.functions() == 0 || !lookup.opens(packet)) {
      return Passage.UNKNOWN;
    }
    count(run, packet);
    Verdict verdict = Verdict.ACCEPT;
    if (run.nat().isPresent()) {
      Connection connection = PacketConnection.connectionOf(packet);
      verdict = run.nat().get().first(packet, connection, run.state());
    }
    return verdict.letsGoOn() ? Passage.GOES_ON : Passage.ENDED;
  }

  private boolean mayOpen(Packet packet) {
    return EstablishedPath.isPlain(packet, TcpFlags.SYN)
        && !events.isOn()
        && !collector.isDue()
        && !expectations.areWaiting();
  }

  @Override
  public boolean forwards(Packet packet, Device in, Device out) {
    Connection connection = PacketConnection.connectionOf(packet);
    int status = connection.status();
    if (!isFirst(packet, status) || events.isOn()) {
      return false;
    }
    FirstRun run = runs.ofForwarded(packet, in, out, status & ConnectionStatus.NAT_MASK);
    return run.functions() != 0 && enters(connection, run, packet);
  }

  private boolean enters(Connection connection, FirstRun run, Packet packet) {
    ConntrackTable table = entries.live();
    if (!mayEnter(connection, table)) {
      return false;
    }
    count(run, packet);
    enter(connection, table, run.translates());
    return true;
  }

  /** Returns whether a packet's connection, of this status, is new and has nothing of its own. */
  private static boolean isFirst(Packet packet, int status) {
    return PacketConnection.stateOf(packet) == ConnectionState.NEW && (status & ~STATUS) == 0;
  }

  /**
   * Returns whether POSTROUTING surely confirms a connection. Where it has another's tuple or falls
   * into a long bucket the hook is to be asked, which may drop its packet.
   */
  private static boolean mayEnter(Connection connection, ConntrackTable table) {
    if (!table.knowsFree(connection)
        && (table.seekFree(connection, Direction.REPLY) == ConntrackTable.TAKEN
            || table.seekFree(connection, Direction.ORIGINAL) == ConntrackTable.TAKEN)) {
      return false;
    }
    return table.freeCompared(Direction.ORIGINAL) <= Confirmation.MIN_CHAIN_LENGTH
        && table.freeCompared(Direction.REPLY) <= Confirmation.MIN_CHAIN_LENGTH;
  }

  /** Confirms a connection that {@link #mayEnter}. */
  private void enter(Connection connection, ConntrackTable table, boolean translates) {
    int ofReply = table.freeCompared(Direction.REPLY);
    work.add(
        ConntrackOperations.ENTRY_COMPARED,
        table.freeCompared(Direction.ORIGINAL) + (translates ? 2L * ofReply : ofReply));
    connection.timeoutNs(connection.expiresAtNs() + clock.nowNs());
    entries.insert(connection, translates ? ConnectionStatus.SRC_NAT_DONE : 0);
  }

  private void count(FirstRun run, Packet packet) {
    recording.count(run.effects(), packet.length());
  }
}
