package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.FastPath;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.host.RecordedPath;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;

/**
 * Takes the segments of established TCP connections past the hooks: those without SYN, FIN and RST
 * that lie in the window. What the hooks do for them was recorded with one before, of either
 * direction. All others, and those that somebody listens to, go over the hooks.
 *
 * <p>Hot: {@link #take} and {@link #lookAhead}. They do not allocate, but for bursts longer than
 * any before.
 */
final class EstablishedPath implements FastPath {
  private static final int ASKED_FLAGS =
      TcpFlags.SYN | TcpFlags.FIN | TcpFlags.RST | TcpFlags.ACK | TcpFlags.URG;

  /** The status of connections whose later segments meet nothing of their own. */
  private static final int NEEDED =
      ConnectionStatus.CONFIRMED | ConnectionStatus.SEEN_REPLY | ConnectionStatus.ASSURED;

  private static final int EXCLUDED =
      ConnectionStatus.HELPER
          | ConnectionStatus.SEQ_ADJUST
          | ConnectionStatus.FIXED_TIMEOUT
          | ConnectionStatus.DYING;

  private static final int[] NO_ROW = {};

  private final VirtualClock clock;
  private final PathRecording recording;
  private final Entries entries;
  private final ConntrackTable table;
  private final EntryStore store;
  private final Collector collector;
  private final PlainSegments segments;
  private final Events events;
  private final SegmentsAhead ahead;
  private final TupleKey key = new TupleKey();

  /** How many entries were compared since somebody asked: 8 instructions less than to tell each. */
  private long entriesCompared;

  /** The node of the packet that is being recorded. */
  private int begun = ConntrackTable.NONE;

  EstablishedPath(
      Host host, Entries entries, Collector collector, ConntrackSettings settings, Events events) {
    Work work = host.work();
    work.askBeforeReading(() -> tell(work));
    this.clock = host.clock();
    this.recording = host.recording();
    this.entries = entries;
    this.table = entries.live();
    this.store = table.store();
    recording.onNumbersAnew(store::forgetPaths);
    this.collector = collector;
    this.segments = new PlainSegments(settings);
    this.events = events;
    this.ahead = new SegmentsAhead(table);
  }

  private void tell(Work work) {
    work.add(ConntrackOperations.ENTRY_COMPARED, entriesCompared);
    entriesCompared = 0;
  }

  /**
   * Of more than 325 bytes (HotSpot's FreqInlineSize), so it is compiled by itself: within who
   * calls it a dozen small methods were called, and a segment took 130 instructions more.
   */
  @Override
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  public RecordedPath take(Packet packet, Device in) {
    if (!isPlain(packet, TcpFlags.ACK) || events.isOn() || collector.isDue()) {
      return RecordedPath.NONE;
    }
    entries.live();
    long found = ahead.next();
    int node = FoundNode.node(found);
    int compared = FoundNode.compared(found);
    int[] row = NO_ROW;
    int base = 0;
    if (node != ConntrackTable.NONE) {
      row = store.words(node >>> 1);
      base = EntryStore.base(node >>> 1);
    }
    if (node == ConntrackTable.NONE || !ConntrackTable.isTuple(row, base, node, packet)) {
      node = seek(packet);
      if (node == ConntrackTable.NONE) {
        return RecordedPath.NONE;
      }
      row = store.words(node >>> 1);
      base = EntryStore.base(node >>> 1);
      compared = table.compared();
    }
    int slot = node >>> 1;
    int direction = node & 1;
    int status = row[base + EntryRow.STATUS] & Connection.STATUS_BITS;
    RecordedPath path = recording.path(EntryRow.path(row, base, direction));
    if (path == RecordedPath.NONE) {
      if (meetsNothingOfItsOwn(slot, status)) {
        begun = node;
        recording.begin(packet, in, status);
      }
      return RecordedPath.NONE;
    }
    if (!path.isFor(packet, in, status)) {
      return RecordedPath.NONE;
    }
    int sack = PlainSegments.sack(row, base, direction, packet);
    if (!PlainSegments.fits(row, base, direction, packet, sack)) {
      return RecordedPath.NONE;
    }
    entriesCompared += compared;
    entries.endsAt(
        slot, row, base, clock.nowNs() + segments.note(row, base, direction, packet, sack));
    if ((row[base + EntryRow.KIND] & EntryKind.ACCOUNTED) != 0) {
      EntryRow.count(row, base, Direction.of(direction), 1, packet.length());
    }
    PacketConnection.set(packet, store.connection(slot), stateIn(direction));
    TupleKey.invertInto(packet, row, base, 1 - direction);
    return path;
  }

  private int seek(Packet packet) {
    key.set(packet);
    return table.seek(table.hashOf(key, Zone.DEFAULT.id()), key, Zone.DEFAULT);
  }

  @Override
  public boolean lookAhead(List<Packet> burst, int from, int end) {
    return !events.isOn() && !collector.isDue() && ahead.look(burst, from, end) == end - from;
  }

  /** Returns whether a packet is a whole, fresh TCP segment that has of these flags just some. */
  static boolean isPlain(Packet packet, int flags) {
    return hasJust(packet, flags) && packet.isBlank() && packet.isIntact();
  }

  /** Returns whether a packet is a TCP segment that has of the flags asked for just some. */
  static boolean hasJust(Packet packet, int flags) {
    return packet.protocol() == IpProtocol.TCP && (packet.tcpFlags() & ASKED_FLAGS) == flags;
  }

  private boolean meetsNothingOfItsOwn(int slot, int status) {
    return (status & (NEEDED | EXCLUDED)) == NEEDED
        && store.connection(slot).timeouts().equals(TimeoutPolicy.NONE);
  }

  private static ConnectionState stateIn(int direction) {
    return direction == 0 ? ConnectionState.ESTABLISHED : ConnectionState.ESTABLISHED_REPLY;
  }

  @Override
  public void recorded(Packet packet, RecordedPath path) {
    int slot = begun >>> 1;
    Direction other = ConntrackTable.direction(begun).opposite();
    key.set(EntryStore.family(slot), store.words(slot), EntryStore.base(slot), other);
    boolean leavesAsTold = key.isInverseOf(packet);
    remember(leavesAsTold ? path : recording.closed());
  }

  @Override
  public void notRecorded() {
    remember(recording.closed());
  }

  private void remember(RecordedPath path) {
    int slot = begun >>> 1;
    int status = store.get(slot, EntryRow.STATUS);
    if ((status & (ConnectionStatus.CONFIRMED | ConnectionStatus.DYING))
        == ConnectionStatus.CONFIRMED) {
      EntryRow.path(store.words(slot), EntryStore.base(slot), begun & 1, path.number());
    }
  }
}
