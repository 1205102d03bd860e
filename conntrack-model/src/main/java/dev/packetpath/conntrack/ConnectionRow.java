package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkState;

import dev.packetpath.core.net.IpFamily;

/**
 * The row of a {@link Connection}: the ints that hold its tuples and all else but its extension. A
 * superclass and no object of its own, so that reading a field follows one reference.
 */
abstract sealed class ConnectionRow permits Connection {
  private static final int[] ENDED = {};

  /** The ints among which the row lies: the table's, or its own, see {@link #leaveTable}. */
  private int[] words;

  /**
   * Where the row starts among them, times two, plus the ordinal of its family. The slot follows
   * from it ({@link EntryStore#slot}), and both would make each of 10 million connections 8 bytes
   * larger.
   */
  private int place;

  /** Creates a row of its own, with a kind as {@link EntryKind} writes it and nothing else. */
  ConnectionRow(IpFamily family, int kind) {
    this(EntryStore.ownRow(family), 0, family, kind);
  }

  /**
   * Creates a row.
   *
   * @param words ints of the table; zeros in front of {@link EntryRow#KIND} where the row lies
   * @param base where it starts
   */
  ConnectionRow(int[] words, int base, IpFamily family, int kind) {
    this.words = words;
    this.place = base << 1 | family.ordinal();
    words[base + EntryRow.KIND] = kind;
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
    return EntryStore.family(place);
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
    int ports = word(EntryRow.tuple(family(), direction.bit()));
    return source ? ports >>> 16 : ports & 0xffff;
  }

  /** Returns whether packets of a direction go to another address than they were sent to. */
  boolean isDestinationTranslated(Direction direction) {
    Direction other = direction.opposite();
    return destinationHigh(direction) != sourceHigh(other)
        || destinationLow(direction) != sourceLow(other);
  }

  /** Gives a key the tuple of a direction. */
  void key(Direction direction, TupleKey key) {
    key.set(family(), row(), base(), direction);
  }

  /** Changes what the tuple of a direction is, before the connection is in the table. */
  void tuple(Direction direction, Tuple tuple) {
    checkArgument(tuple.family() == family(), "a tuple of %s, found %s", family(), tuple);
    new TupleKey().set(tuple).put(words, base(), direction);
    hash(direction, 0);
  }

  /** Returns the hash of a direction's tuple before the connection is in the table, or 0. */
  long hash(Direction direction) {
    return longWord(EntryRow.HASHES + 2 * direction.bit());
  }

  /** Remembers the hash of a direction's tuple until the connection is in the table. */
  void hash(Direction direction, long hash) {
    longWord(EntryRow.HASHES + 2 * direction.bit(), hash);
  }

  /**
   * Changes where answers come from, before the connection is in the table; returns whether that is
   * a change.
   */
  boolean answersFrom(long high, long low, int port) {
    int[] row = row();
    int base = base();
    boolean v4 = family() == IpFamily.IPV4;
    int portsAt = base + EntryRow.tuple(family(), Direction.REPLY.bit());
    int ports = port << 16 | (row[portsAt] & 0xffff);
    int at = portsAt + 1;
    boolean isFromThere =
        v4
            ? row[at] == (int) low
            : EntryRow.getLong(row, at) == high && EntryRow.getLong(row, at + 2) == low;
    if (isFromThere && row[portsAt] == ports) {
      return false;
    }
    row[portsAt] = ports;
    if (v4) {
      row[at] = (int) low;
    } else {
      EntryRow.putLong(row, at, high);
      EntryRow.putLong(row, at + 2, low);
    }
    hash(Direction.REPLY, 0);
    return true;
  }

  /** Returns the slot of the row, unless the row is the connection's own. */
  int slot() {
    return EntryStore.slot(row(), base(), family());
  }

  /** Moves a row of its own to a slot of the table. */
  void moveTo(int[] wordsOfTable, int slotOfTable) {
    int[] own = row();
    int ints = EntryRow.ints(family());
    checkState(own.length == ints + 1, "a connection enters the table once");
    int base = EntryStore.base(slotOfTable);
    System.arraycopy(own, 0, wordsOfTable, base, ints);
    words = wordsOfTable;
    place = base << 1 | family().ordinal();
  }

  /** Makes the row one of its own, so that another connection gets the slot. */
  void leaveTable() {
    int[] own = EntryStore.ownRow(family());
    System.arraycopy(row(), base(), own, 0, EntryRow.ints(family()));
    words = own;
    place = family().ordinal();
  }

  /** Forgets the row, which another connection gets. */
  void end() {
    words = ENDED;
  }

  /** Returns an int of the row, see {@link EntryRow}. */
  int word(int field) {
    return row()[base() + field];
  }

  void word(int field, int value) {
    row()[base() + field] = value;
  }

  /** Returns a long of the row, see {@link EntryRow}. */
  long longWord(int field) {
    return EntryRow.getLong(row(), base() + field);
  }

  void longWord(int field, long value) {
    EntryRow.putLong(row(), base() + field, value);
  }

  /** Returns where the row starts among the ints of {@link #row}. */
  int base() {
    return place >>> 1;
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
}
