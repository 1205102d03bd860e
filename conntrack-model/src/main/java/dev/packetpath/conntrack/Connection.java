package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpFamily;

/**
 * One connection in both of its directions ({@code struct nf_conn},
 * include/net/netfilter/nf_conntrack.h, Linux 6.1). Mutable; belongs to the thread of its host.
 *
 * <p>A connection that left the table keeps its last values until {@value EntryStore#UNTOUCHED}
 * others left it too. Whoever wants them for longer makes a {@link ConntrackEntry} of it.
 */
public final class Connection {
  /** No connection: what rules call INVALID or UNTRACKED. */
  public static final Connection NONE = new Connection(Tuple.NONE, Tuple.NONE, Zone.DEFAULT);

  static final int STATUS_BITS = 0xffff;
  private static final int[] ENDED = {};

  /** The ints among which the row lies: its own until the connection enters the table. */
  private int[] words;

  private int slot;
  private ConnectionExtension extension = ConnectionExtension.NONE;

  private Connection(IpFamily family, int protocol, Zone zone) {
    this.words = new int[EntryRow.ints(family)];
    this.slot = family.ordinal();
    words[EntryRow.KIND] = EntryKind.of(protocol, zone);
  }

  Connection(Tuple original, Tuple reply, Zone zone) {
    this(original.family(), original.protocol(), zone);
    tuple(Direction.ORIGINAL, original);
    tuple(Direction.REPLY, reply);
  }

  /** Returns a connection whose first packet has a tuple, which becomes that of its answers. */
  static Connection of(TupleKey original, Zone zone) {
    Connection connection = new Connection(original.family(), original.protocol(), zone);
    original.put(connection.words, 0, Direction.ORIGINAL);
    original.invert().put(connection.words, 0, Direction.REPLY);
    return connection;
  }

  /** Returns the tuple of the first packet, before NAT; allocates. */
  public Tuple original() {
    return tuple(Direction.ORIGINAL);
  }

  /** Returns the tuple that answers have: the inverse of the first packet after NAT; allocates. */
  public Tuple reply() {
    return tuple(Direction.REPLY);
  }

  /** Returns the tuple of a direction; allocates. */
  public Tuple tuple(Direction direction) {
    return new Tuple(
        family(),
        protocol(),
        sourceHigh(direction),
        sourceLow(direction),
        destinationHigh(direction),
        destinationLow(direction),
        sourcePort(direction),
        destinationPort(direction));
  }

  /** Returns the address family. */
  public IpFamily family() {
    return EntryStore.family(slot);
  }

  /** Returns the IANA number of the transport protocol. */
  public int protocol() {
    return EntryKind.protocol(word(EntryRow.KIND));
  }

  /** Returns the upper 64 bits of the source address of a direction's tuple, 0 for IPv4. */
  public long sourceHigh(Direction direction) {
    return addressHigh(direction, true);
  }

  /** Returns the lower 64 bits of the source address of a direction's tuple. */
  public long sourceLow(Direction direction) {
    return addressLow(direction, true);
  }

  /** Returns the upper 64 bits of the destination address of a direction's tuple, 0 for IPv4. */
  public long destinationHigh(Direction direction) {
    return addressHigh(direction, false);
  }

  /** Returns the lower 64 bits of the destination address of a direction's tuple. */
  public long destinationLow(Direction direction) {
    return addressLow(direction, false);
  }

  /** Returns the source port of a direction's tuple, or what stands in its place. */
  public int sourcePort(Direction direction) {
    return port(direction, true);
  }

  /** Returns the destination port of a direction's tuple, or what stands in its place. */
  public int destinationPort(Direction direction) {
    return port(direction, false);
  }

  /** Returns the upper 64 bits of an address of a direction's tuple, 0 for IPv4. */
  long addressHigh(Direction direction, boolean source) {
    return family() == IpFamily.IPV4 ? 0 : longWord(addressAt(direction, source));
  }

  /** Returns the lower 64 bits of an address of a direction's tuple. */
  long addressLow(Direction direction, boolean source) {
    int at = addressAt(direction, source);
    return family() == IpFamily.IPV4 ? word(at) & 0xffff_ffffL : longWord(at + 2);
  }

  private int addressAt(Direction direction, boolean source) {
    int first = EntryRow.addresses(family(), direction);
    return source ? first : first + (family() == IpFamily.IPV4 ? 1 : 4);
  }

  /** Returns a port of a direction's tuple, or what stands in its place. */
  int port(Direction direction, boolean source) {
    int ports = word(EntryRow.PORTS + direction.ordinal());
    return source ? ports >>> 16 : ports & 0xffff;
  }

  /** Returns whether packets of a direction go to another address than they were sent to. */
  boolean isDestinationTranslated(Direction direction) {
    Direction other = direction.opposite();
    return destinationHigh(direction) != sourceHigh(other)
        || destinationLow(direction) != sourceLow(other);
  }

  /** Returns whether this is a connection, and not {@link #NONE}. */
  public boolean exists() {
    return this != NONE;
  }

  /** Returns the connection's mark, unsigned. */
  public int mark() {
    return word(EntryRow.MARK);
  }

  /** Sets the connection's mark, unsigned. */
  public void mark(int mark) {
    word(EntryRow.MARK, mark);
  }

  /** Returns the status bits, see {@link ConnectionStatus}. */
  public int status() {
    return word(EntryRow.STATUS) & STATUS_BITS;
  }

  /** Returns whether any of these status bits is set. */
  public boolean hasAny(int bits) {
    return (word(EntryRow.STATUS) & bits) != 0;
  }

  /** Returns whether the entry is in the table. */
  public boolean isConfirmed() {
    return hasAny(ConnectionStatus.CONFIRMED);
  }

  /** Returns the number of the zone, 0 to 65535. */
  public int zone() {
    return zoneOfDirections().id();
  }

  /** Returns the zone with the directions in which it counts. */
  public Zone zoneOfDirections() {
    return EntryKind.zone(word(EntryRow.KIND));
  }

  /** Returns the zone that counts in a direction. */
  int zoneIn(Direction direction) {
    return EntryKind.zoneIn(word(EntryRow.KIND), direction);
  }

  /** Returns the state of the protocol as {@code conntrack -L} shows it, "" if it has none. */
  public String stateName() {
    return Trackers.stateName(this);
  }

  /** Returns whether the protocol is closing the connection, so that a full table may end it. */
  public boolean isClosing() {
    return Trackers.isClosing(this);
  }

  /** Returns when the entry ends in virtual time, or how long it would last if not confirmed. */
  public long expiresAtNs() {
    return longWord(EntryRow.TIMEOUT);
  }

  /** Returns the whole seconds until the entry ends, 0 if it is not confirmed. */
  public long remainingSeconds(long nowNs) {
    return isConfirmed() ? Math.max(0, expiresAtNs() - nowNs) / VirtualClock.NS_PER_SECOND : 0;
  }

  /** Returns the upper 64 of the 128 label bits: labels 64 to 127. */
  public long labelsHigh() {
    return extension.labelsHigh();
  }

  /** Returns the lower 64 of the 128 label bits: labels 0 to 63. */
  public long labelsLow() {
    return extension.labelsLow();
  }

  /** Sets the 128 label bits. */
  public void labels(long high, long low) {
    extension = extension.withLabels(high, low);
  }

  /** Returns the packets counted in a direction, 0 if accounting is off. */
  public long packets(Direction direction) {
    return longWord(EntryRow.COUNTERS + 4 * direction.ordinal());
  }

  /** Returns the bytes counted in a direction, 0 if accounting is off. */
  public long bytes(Direction direction) {
    return longWord(EntryRow.COUNTERS + 4 * direction.ordinal() + 2);
  }

  /** Returns whether accounting was on when the connection began. */
  public boolean isAccounted() {
    return (word(EntryRow.KIND) & EntryKind.ACCOUNTED) != 0;
  }

  /** Returns the name of the helper that a rule set, "" for none. */
  public String helper() {
    return extension.helper();
  }

  /** Returns the name of the helper that announced this connection, "" for none or not known. */
  public String masterHelper() {
    return extension.masterHelper();
  }

  void masterHelper(String name) {
    extension = extension.withMasterHelper(name);
  }

  /** Gives a key the tuple of a direction. */
  void key(Direction direction, TupleKey key) {
    key.set(family(), row(), EntryStore.base(slot), direction);
  }

  /** Changes what the tuple of a direction is, before the connection is in the table. */
  void tuple(Direction direction, Tuple tuple) {
    checkArgument(tuple.family() == family(), "a tuple of %s, found %s", family(), tuple);
    new TupleKey().set(tuple).put(words, EntryStore.base(slot), direction);
    hash(direction, 0);
  }

  /** Returns the hash of a direction's tuple before the connection is in the table, or 0. */
  long hash(Direction direction) {
    return longWord(EntryRow.HASHES + 2 * direction.ordinal());
  }

  /** Remembers the hash of a direction's tuple until the connection is in the table. */
  void hash(Direction direction, long hash) {
    longWord(EntryRow.HASHES + 2 * direction.ordinal(), hash);
  }

  /** Changes where answers come from, before the connection is in the table. */
  void answersFrom(long high, long low, int port) {
    hash(Direction.REPLY, 0);
    word(EntryRow.PORTS + Direction.REPLY.ordinal(), port << 16 | destinationPort(Direction.REPLY));
    int at = addressAt(Direction.REPLY, true);
    if (family() == IpFamily.IPV4) {
      word(at, (int) low);
    } else {
      longWord(at, high);
      longWord(at + 2, low);
    }
  }

  void set(int bits) {
    word(EntryRow.STATUS, word(EntryRow.STATUS) | bits);
  }

  /** Sets when the entry ends; how long it lasts once confirmed, before that. */
  void timeoutNs(long timeoutNs) {
    longWord(EntryRow.TIMEOUT, timeoutNs);
  }

  /** Returns the place of the entry in the order of insertion. */
  long number() {
    return longWord(EntryRow.NUMBER);
  }

  void number(long number) {
    longWord(EntryRow.NUMBER, number);
  }

  void account() {
    word(EntryRow.KIND, word(EntryRow.KIND) | EntryKind.ACCOUNTED);
  }

  void count(Direction direction, long packets, long bytes) {
    EntryRow.count(row(), base(), direction, packets, bytes);
  }

  void helper(String helper) {
    if (!helper.isEmpty()) {
      extension = extension.withHelper(helper);
      set(ConnectionStatus.HELPER);
    }
  }

  /** Returns how NAT moved the sequence numbers. */
  SequenceOffsets offsets() {
    return extension.offsets();
  }

  /** Notes that NAT made a segment longer, or shorter by minus as many bytes (nf_ct_seqadj_set). */
  void moveSequence(Direction direction, int sequence, int bytes) {
    extension = extension.withOffsets(offsets().moved(direction, sequence, bytes));
    set(ConnectionStatus.SEQ_ADJUST);
  }

  TimeoutPolicy timeouts() {
    return extension.timeouts();
  }

  void timeouts(TimeoutPolicy timeouts) {
    if (!timeouts.seconds().isEmpty()) {
      extension = extension.withTimeouts(timeouts);
    }
  }

  /** Returns the device whose address masquerading chose, {@link Device#NONE} for none. */
  Device masqueradeDevice() {
    return extension.masqueradeDevice();
  }

  /**
   * Notes the device whose address masquerading chose.
   *
   * @param masqueraded what a connection has that has nothing but this device; shared by many
   */
  void masquerade(ConnectionExtension masqueraded) {
    boolean nothingElse = extension.equals(ConnectionExtension.NONE);
    extension =
        nothingElse ? masqueraded : extension.withMasqueradeDevice(masqueraded.masqueradeDevice());
  }

  /** Returns the slot of the row, once the connection is in the table. */
  int slot() {
    return slot;
  }

  /** Moves the row to a slot of the table. */
  void moveTo(int[] wordsOfTable, int slotOfTable) {
    System.arraycopy(words, 0, wordsOfTable, EntryStore.base(slotOfTable), EntryRow.ints(family()));
    words = wordsOfTable;
    slot = slotOfTable;
  }

  /** Forgets the row, which another connection gets. */
  void end() {
    words = ENDED;
  }

  /** Returns an int of the row, see {@link EntryRow}. */
  int word(int field) {
    return row()[EntryStore.base(slot) + field];
  }

  void word(int field, int value) {
    row()[EntryStore.base(slot) + field] = value;
  }

  /** Returns a long of the row, see {@link EntryRow}. */
  long longWord(int field) {
    return EntryRow.getLong(row(), EntryStore.base(slot) + field);
  }

  void longWord(int field, long value) {
    EntryRow.putLong(row(), EntryStore.base(slot) + field, value);
  }

  /** Returns where the row starts among the ints of {@link #row}. */
  int base() {
    return EntryStore.base(slot);
  }

  /** Returns the ints among which the row lies, for who reads many of them. */
  int[] row() {
    int[] row = words;
    if (row.length == 0) {
      throw new IllegalStateException(
          "the connection left the table long ago; make a ConntrackEntry of what is kept");
    }
    return row;
  }

  @Override
  public String toString() {
    return exists() ? original() + " / " + reply() : "no connection";
  }
}
