package dev.packetpath.conntrack;

import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.HookState;
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
 * ns. While somebody listens to connection tracking all goes over the hooks, except at FORWARD: a
 * listener may read what the functions counted.
 *
 * <p>Hot: {@link #run} and {@link #forwards}. They allocate the connection alone.
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
    return switch (state.hook()) {
      case PREROUTING -> opens(packet, state);
      case FORWARD -> isFirst(packet) ? passes(packet, state) : 0;
      case POSTROUTING -> isFirst(packet) ? confirms(packet, state) : 0;
      default -> 0;
    };
  }

  private int opens(Packet packet, HookState state) {
    if (!EstablishedPath.isPlain(packet, TcpFlags.SYN)
        || events.isOn()
        || collector.isDue()
        || expectations.areWaiting()) {
      return 0;
    }
    FirstRun run = runs.of(packet, state, 0);
    return run.functions() > 0 && lookup.opens(packet, state.hook()) ? done(run, packet) : 0;
  }

  @Override
  public boolean forwards(Packet packet, Device in, Device out) {
    if (!isFirst(packet) || events.isOn()) {
      return false;
    }
    FirstRun run = runs.ofForwarded(packet, in, out, translated(packet));
    return run.functions() > 0 && confirms(packet, run) > 0;
  }

  /** Returns whether a packet's connection is new and has nothing of its own. */
  private static boolean isFirst(Packet packet) {
    return PacketConnection.stateOf(packet) == ConnectionState.NEW
        && (PacketConnection.connectionOf(packet).status() & ~STATUS) == 0;
  }

  private int passes(Packet packet, HookState state) {
    FirstRun run = runs.of(packet, state, translated(packet));
    return run.functions() > 0 ? done(run, packet) : 0;
  }

  private static int translated(Packet packet) {
    return PacketConnection.connectionOf(packet).status() & ConnectionStatus.NAT_MASK;
  }

  private int confirms(Packet packet, HookState state) {
    if (events.isOn()) {
      return 0;
    }
    FirstRun run = runs.of(packet, state, translated(packet));
    return run.functions() == 0 ? 0 : confirms(packet, run);
  }

  private int confirms(Packet packet, FirstRun run) {
    Connection connection = PacketConnection.connectionOf(packet);
    ConntrackTable table = entries.live();
    int comparedForReply = seek(table, connection, Direction.REPLY);
    int comparedForOriginal = seek(table, connection, Direction.ORIGINAL);
    if (comparedForReply == ConntrackTable.TAKEN || comparedForOriginal == ConntrackTable.TAKEN) {
      return 0;
    }
    int compared = comparedForReply + comparedForOriginal;
    if (run.translates()) {
      connection.set(ConnectionStatus.SRC_NAT_DONE);
      compared += comparedForReply;
    }
    work.add(ConntrackOperations.ENTRY_COMPARED, compared);
    connection.timeoutNs(connection.expiresAtNs() + clock.nowNs());
    entries.insert(connection);
    return done(run, packet);
  }

  /** Returns what {@link ConntrackTable#seekFree} does, or that the bucket may be too long. */
  private static int seek(ConntrackTable table, Connection connection, Direction direction) {
    int compared = table.seekFree(connection, direction);
    return compared <= Confirmation.MIN_CHAIN_LENGTH ? compared : ConntrackTable.TAKEN;
  }

  private int done(FirstRun run, Packet packet) {
    recording.count(run.effects(), packet.length());
    return run.functions();
  }
}
