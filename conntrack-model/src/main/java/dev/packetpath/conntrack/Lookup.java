package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.ConntrackOperations.ALLOCATE;
import static dev.packetpath.conntrack.ConntrackOperations.LOOKUP;
import static dev.packetpath.conntrack.ConntrackOperations.UPDATE;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * Gives each packet its connection, at PREROUTING and OUTPUT (nf_conntrack_in in
 * net/netfilter/nf_conntrack_core.c, Linux 6.1).
 */
final class Lookup {
  private final ConntrackSettings settings;
  private final Entries entries;
  private final Trackers trackers;
  private final IcmpErrorLookup icmpErrors;
  private final EarlyDrop earlyDrop;
  private final Collector collector;
  private final ConntrackCounters counters;
  private final Events events;
  private final Expectations expectations;
  private final Work work;
  private final Trace trace;
  private final PathRecording recording;
  private final TupleKey key = new TupleKey();

  Lookup(
      Host host,
      ConntrackSettings settings,
      Entries entries,
      Trackers trackers,
      ConntrackCounters counters,
      Events events,
      Expectations expectations,
      Collector collector) {
    this.settings = settings;
    this.entries = entries;
    this.trackers = trackers;
    this.counters = counters;
    this.events = events;
    this.expectations = expectations;
    this.collector = collector;
    this.work = host.work();
    this.trace = host.trace();
    this.recording = host.recording();
    this.icmpErrors = new IcmpErrorLookup(entries, work);
    this.earlyDrop = new EarlyDrop(entries, counters, work);
  }

  Verdict run(Packet packet, HookState state) {
    collector.runIfDue();
    ConnectionState before = PacketConnection.stateOf(packet);
    if (PacketConnection.connectionOf(packet).exists() || before == ConnectionState.UNTRACKED) {
      return Verdict.ACCEPT;
    }
    if (before != ConnectionState.NONE) {
      PacketConnection.clear(packet);
    }
    ConnectionTemplate template = PacketConnection.takeTemplate(packet);
    if (!TupleReader.read(packet, key)) {
      counters.invalid++;
      return invalid("no transport header that can be tracked");
    }
    Zone zone = template.zoneFor(packet.mark());
    if (packet.isIcmp() && !isQuery(packet, zone, state.hook())) {
      return Verdict.ACCEPT;
    }
    return lookUp(packet, zone, template, state.hook());
  }

  /** Returns whether an ICMP packet is looked up by its own tuple; deals with it if not. */
  private boolean isQuery(Packet packet, Zone zone, Hook hook) {
    if (hook == Hook.PREROUTING && settings.checksum() && !packet.checksumValid()) {
      counters.error++;
      invalid("bad ICMP checksum");
      return false;
    }
    int type = packet.icmpType();
    boolean v4 = packet.family() == IpFamily.IPV4;
    if (!v4 && IcmpQueries.isUntracked(type)) {
      PacketConnection.set(packet, Connection.NONE, ConnectionState.UNTRACKED);
      return false;
    }
    if (v4 && type > IcmpQueries.HIGHEST_V4) {
      counters.error++;
      invalid("unknown ICMP type " + type);
      return false;
    }
    if (!IcmpQueries.isError(packet.family(), type)) {
      return true;
    }
    String reason = icmpErrors.lookUp(packet, zone);
    if (reason.isEmpty()) {
      events.packetComes(PacketConnection.connectionOf(packet));
      if (trace.isOn()) {
        traceLookup(packet, false, "");
      }
    } else {
      counters.error++;
      invalid(reason);
    }
    return false;
  }

  private Verdict lookUp(Packet packet, Zone zone, ConnectionTemplate template, Hook hook) {
    while (true) {
      work.add(LOOKUP);
      ConntrackTable table = entries.live();
      long hash = table.hashOf(key, zone.idIn(Direction.ORIGINAL));
      int node = table.findEither(hash, key, zone);
      boolean created = node == ConntrackTable.NONE;
      if (created && !key.hasInverse()) {
        counters.invalid++;
        return invalid("ICMP type " + packet.icmpType() + " has no answer");
      }
      Connection connection = created ? create(hash, zone, template) : table.connection(node);
      if (!connection.exists()) {
        counters.drop++;
        if (trace.isOn()) {
          trace.add(new ConntrackEvent.Dropped("nf_conntrack: table full, dropping packet"));
        }
        return Verdict.DROP;
      }
      ConnectionState state =
          stateOf(connection, created ? Direction.ORIGINAL : ConntrackTable.direction(node));
      PacketConnection.set(packet, connection, state);
      events.packetComes(connection);
      String before = trace.isOn() ? connection.stateName() : "";
      work.add(UPDATE);
      Tracker.Result result = trackers.of(key.protocol()).track(connection, packet, state, hook);
      if (result == Tracker.Result.ACCEPTED) {
        if (state == ConnectionState.ESTABLISHED_REPLY) {
          connection.set(ConnectionStatus.SEEN_REPLY);
        }
        if (recording.isOn()) {
          recording.repeats();
          recording.costs(LOOKUP, 1);
          recording.costs(UPDATE, 1);
        }
        if (trace.isOn()) {
          traceLookup(packet, created, before);
        }
        return Verdict.ACCEPT;
      }
      PacketConnection.clear(packet);
      if (result == Tracker.Result.INVALID) {
        counters.invalid++;
        return trace.isOn()
            ? invalid("not a packet that its connection may have: " + before)
            : Verdict.ACCEPT;
      }
    }
  }

  /**
   * Does what {@link #run} does for the first segment of a TCP connection in the default zone, but
   * for the operations that each such segment costs; does nothing and returns false if there is an
   * entry already or no room for one.
   *
   * @param packet a good SYN that is not looked up yet, while no connection is expected
   */
  boolean opens(Packet packet) {
    ConntrackTable table = entries.live();
    TupleReader.read(packet, key);
    long hash = table.hashOf(key, Zone.DEFAULT.id());
    if (isFull(table) || !table.isFree(hash, key, Zone.DEFAULT)) {
      return false;
    }
    work.add(ConntrackOperations.ENTRY_COMPARED, table.compared());
    Connection connection = begin(hash, Zone.DEFAULT);
    table.foundFree(connection, table.compared());
    PacketConnection.set(packet, connection, ConnectionState.NEW);
    trackers.ofTcp().open(connection, packet);
    return true;
  }

  private boolean isFull(ConntrackTable table) {
    return settings.max() != 0 && table.size() + 1L > settings.max();
  }

  private static ConnectionState stateOf(Connection connection, Direction direction) {
    if (direction == Direction.REPLY) {
      return ConnectionState.ESTABLISHED_REPLY;
    }
    if (connection.hasAny(ConnectionStatus.SEEN_REPLY)) {
      return ConnectionState.ESTABLISHED;
    }
    return connection.hasAny(ConnectionStatus.EXPECTED)
        ? ConnectionState.RELATED
        : ConnectionState.NEW;
  }

  /** Returns a new connection, {@link Connection#NONE} if the table is full. */
  private Connection create(long hash, Zone zone, ConnectionTemplate template) {
    if (isFull(entries.live()) && !earlyDrop.makeRoom(key, zone)) {
      collector.noRoom();
      return Connection.NONE;
    }
    work.add(ALLOCATE);
    Connection connection = begin(hash, zone);
    expectations.fulfil(connection);
    if (!connection.hasAny(ConnectionStatus.EXPECTED)) {
      connection.helper(template.helper());
    }
    connection.timeouts(template.timeouts());
    return connection;
  }

  /** Returns a new connection that nothing is known of but its first packet. */
  private Connection begin(long hash, Zone zone) {
    int kind = EntryKind.of(key.protocol(), zone);
    return entries.begin(key, settings.accounting() ? kind | EntryKind.ACCOUNTED : kind, hash);
  }

  private Verdict invalid(String reason) {
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.Invalid(reason));
    }
    return Verdict.ACCEPT;
  }

  private void traceLookup(Packet packet, boolean created, String before) {
    trace.add(
        new ConntrackEvent.LookedUp(
            key.toTuple(),
            PacketConnection.stateOf(packet),
            created,
            before,
            PacketConnection.connectionOf(packet).stateName()));
  }
}
