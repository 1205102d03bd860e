package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;
import static dev.packetpath.core.Hook.INPUT;
import static dev.packetpath.core.Hook.OUTPUT;
import static dev.packetpath.core.Hook.POSTROUTING;
import static dev.packetpath.core.Hook.PREROUTING;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookRegistry;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Connection tracking of one host (net/netfilter/nf_conntrack_core.c and nf_conntrack_proto.c,
 * Linux 6.1).
 *
 * <p>Belongs to the thread of its host. An entry ends exactly when its time is over; the kernel's
 * collector may leave it a little longer where nobody looks.
 */
public final class Conntrack {
  private final Host host;
  private final ConntrackSettings settings;
  private final ConntrackCounters counters = new ConntrackCounters();
  private final Events events;
  private final Expectations expectations;
  private final Entries entries;
  private final Lifetimes lifetimes;
  private final Trackers trackers;
  private final Confirmation confirmation;
  private final TakenTuples taken;
  private final TupleKey key = new TupleKey();

  private Conntrack(Host host, ConntrackSettings settings) {
    this.host = host;
    this.settings = settings;
    ConntrackTable table =
        new ConntrackTable(new EntryStore(), settings.buckets(), settings.hashSeed(), host.work());
    this.entries = new Entries(table, host.clock());
    this.events = new Events(host.clock());
    this.expectations = new Expectations(host.clock());
    entries.onRemove(ConnectionStatus.HELPER | ConnectionStatus.EXPECTED, expectations::removed);
    this.taken = new TakenTuples(entries, counters, host.work());
    this.lifetimes = new Lifetimes(host.clock(), settings, entries, events);
    this.trackers = new Trackers(lifetimes);
    this.confirmation = new Confirmation(host, entries, trackers, counters, events, expectations);
  }

  /** Returns connection tracking that runs on a host's hooks from now on, for both families. */
  public static Conntrack attach(Host host, ConntrackSettings settings) {
    Conntrack conntrack = new Conntrack(host, settings);
    conntrack.register();
    return conntrack;
  }

  private void register() {
    Collector collector = new Collector(entries, settings, counters, host.clock());
    Lookup lookup =
        new Lookup(host, settings, entries, trackers, counters, events, expectations, collector);
    HookFunction defragment = new Defragmentation(host, settings)::run;
    HookFunction lookUp = lookup::run;
    HookFunction confirm = confirmation::run;
    HookRegistry hooks = host.hooks();
    for (IpFamily family : IpFamily.values()) {
      for (var hook : List.of(PREROUTING, OUTPUT)) {
        hooks.register(
            family, hook, HookPriority.CONNTRACK_DEFRAG, "conntrack defragment", defragment);
        hooks.register(family, hook, HookPriority.CONNTRACK, "conntrack", lookUp);
      }
      for (var hook : List.of(INPUT, POSTROUTING)) {
        hooks.register(family, hook, HookPriority.CONNTRACK_CONFIRM, "conntrack confirm", confirm);
      }
    }
    host.onAnswer(Conntrack::giveConnection);
    host.fastPath(new EstablishedPath(host, entries, collector, settings, events));
    FirstRuns runs = new FirstRuns(host, defragment, lookUp, confirm);
    host.shortcut(new FirstPackets(host, runs, lookup, entries, expectations, collector, events));
  }

  /**
   * Gives an answer of the kernel the connection of what it answers (nf_conntrack_attach). The
   * answer to an untracked packet gets a state without a connection: raw's targets pass it over,
   * and it is looked up after all.
   */
  private static void giveConnection(Packet answer, Packet about) {
    Connection connection = PacketConnection.connectionOf(about);
    if (connection.exists()) {
      boolean reply = PacketConnection.stateOf(about).isReply();
      PacketConnection.set(
          answer, connection, reply ? ConnectionState.RELATED : ConnectionState.RELATED_REPLY);
    } else if (PacketConnection.stateOf(about) == ConnectionState.UNTRACKED) {
      PacketConnection.set(answer, Connection.NONE, ConnectionState.RELATED);
    }
  }

  /** Returns the host. */
  public Host host() {
    return host;
  }

  /** Returns the settings. */
  public ConntrackSettings settings() {
    return settings;
  }

  /**
   * Returns the connection that has a tuple in either direction, or {@link Connection#NONE}
   * (nf_conntrack_find_get).
   */
  public Connection find(Tuple tuple, Zone zone) {
    ConntrackTable table = entries.live();
    int node = table.find(key.set(tuple), zone);
    return node == ConntrackTable.NONE ? Connection.NONE : table.connection(node);
  }

  /** Returns the live entries as {@code conntrack -L} lists them, the oldest first. */
  public ImmutableList<ConntrackEntry> entries() {
    long nowNs = host.clock().nowNs();
    return connections().stream()
        .map(connection -> ConntrackEntry.of(connection, nowNs))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the live connections as {@code conntrack -L} lists them, the oldest first. */
  public ImmutableList<Connection> connections() {
    List<Connection> live = new ArrayList<>();
    entries.live().forEach(live::add);
    live.sort(Comparator.comparingLong(Connection::number));
    return ImmutableList.copyOf(live);
  }

  /**
   * Hands each live connection to a consumer, in no order, and costs no list of them. The consumer
   * changes nothing in the table.
   */
  public void forEach(Consumer<Connection> consumer) {
    entries.live().forEach(consumer);
  }

  /** Returns the number of live connections for which a condition holds. Walks the table. */
  public int count(Predicate<Connection> condition) {
    int[] count = new int[1];
    forEach(
        connection -> {
          if (condition.test(connection)) {
            count[0]++;
          }
        });
    return count[0];
  }

  /** Returns the number of live connections. */
  public int size() {
    return entries.live().size();
  }

  /**
   * Puts entries into the table, with the time that they have left. Both ends of a TCP connection
   * are trusted whatever their windows, since these are not written.
   *
   * @throws IllegalArgumentException if an entry has a tuple that the table has already
   */
  public void load(Iterable<ConntrackEntry> written) {
    for (ConntrackEntry entry : written) {
      EntryLoader.load(entry, entries, host.clock());
      counters.insert++;
    }
  }

  /**
   * Waits for connections that connections of the table announced. The port of an announcement is
   * taken for the one that was announced, for it is not written whether NAT chose another.
   *
   * @throws IllegalArgumentException if the table has not the connection that announced one, or
   *     that has another helper
   */
  public void loadExpectations(Iterable<ExpectationEntry> written) {
    for (ExpectationEntry entry : written) {
      Connection master = find(entry.master(), Zone.of(entry.zone()));
      checkArgument(
          master.exists() && master.original().equals(entry.master()),
          "the table has no connection %s, which announced %s",
          entry.master(),
          entry.tuple());
      checkArgument(
          master.helper().equals(entry.helper()),
          "the connection %s has the helper \"%s\", not \"%s\"",
          entry.master(),
          master.helper(),
          entry.helper());
      expectations.load(entry, master);
    }
  }

  /**
   * Sets the reply tuple of a connection that is not in the table yet, as load balancers do that
   * translate on their own (nf_conntrack_alter_reply).
   *
   * @throws IllegalArgumentException if the connection is in the table
   */
  public void alterReply(Connection connection, Tuple reply) {
    checkArgument(!connection.isConfirmed(), "the connection is confirmed: %s", connection);
    connection.tuple(Direction.REPLY, reply);
  }

  /**
   * Puts the connection of a packet into the table before the packet leaves, if it is not in it
   * (nf_conntrack_confirm).
   *
   * @return ACCEPT, or DROP if another connection has one of its tuples
   */
  public Verdict confirm(Packet packet) {
    return confirmation.confirm(packet);
  }

  /** Removes one connection; does nothing if it is not in the table. */
  public void remove(Connection connection) {
    entries.remove(connection);
  }

  /** Removes all entries. */
  public void flush() {
    removeIf(connection -> true);
  }

  /**
   * Removes the connections for which a condition holds, those too of which only the reply tuple is
   * in the table, and returns their number (nf_ct_iterate_cleanup_net).
   */
  @CanIgnoreReturnValue
  public int removeIf(Predicate<Connection> condition) {
    List<Connection> removed = new ArrayList<>();
    store()
        .forEach(
            connection -> {
              if (condition.test(connection)) {
                removed.add(connection);
              }
            });
    removed.forEach(entries::remove);
    return removed.size();
  }

  /** Returns the counters. */
  public ConntrackStatistics statistics() {
    return counters.toStatistics();
  }

  /** Returns the helpers that rules can name, and the connections that they wait for. */
  public Expectations expectations() {
    return expectations;
  }

  /**
   * Tells a listener of each connection that enters the table, changes, or leaves it, from now on.
   * An entry whose time is over leaves when the table is next looked at.
   */
  public void onEvent(Consumer<TableEvent> listener) {
    if (!events.isOn()) {
      entries.onRemove(events::removed);
    }
    events.listen(listener);
  }

  /**
   * Moves the TCP connection of a packet, if it is in the table, to CLOSE, as a rule does that
   * answers the packet with a RST (nf_conntrack_tcp_set_closing).
   */
  public void setClosing(Packet packet) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (connection.isConfirmed() && connection.protocol() == IpProtocol.TCP) {
      TcpTracking tcp = new TcpTracking();
      tcp.load(connection);
      if (tcp.state != TcpState.CLOSE) {
        tcp.state = TcpState.CLOSE;
        tcp.store(connection);
        lifetimes.setTimeout(connection, lifetimes.seconds(connection, Timeout.TCP_CLOSE));
      }
    }
  }

  EntryStore store() {
    return entries.live().store();
  }

  /** Orders connections of the table by their insertion. */
  Comparator<Connection> byInsertion() {
    return entries.byInsertion();
  }

  /** Tells a listener of each connection that enters the table. */
  void onInsert(Consumer<Connection> listener) {
    entries.onInsert(listener);
  }

  /** Tells a listener of each connection that leaves the table. */
  void onRemove(Consumer<Connection> listener) {
    entries.onRemove(listener);
  }

  /** Returns who knows which tuples are taken. */
  TakenTuples taken() {
    return taken;
  }

  /** Counts a packet and ends its connection at once. */
  void kill(Connection connection, Packet packet) {
    lifetimes.count(connection, packet, PacketConnection.stateOf(packet));
    lifetimes.kill(connection);
  }
}
