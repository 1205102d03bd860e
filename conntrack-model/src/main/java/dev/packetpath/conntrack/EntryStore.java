package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Where the entries of the table lie: a row of ints each, many rows in a segment, and beside them
 * the {@link Connection} through which the rest of the program sees the row. Growing adds a segment
 * and moves none. The two families have segments of their own, because their rows differ in length.
 *
 * <p>A row is a connection's from its first packet on, though it enters the table later. So one
 * connection of each family may hold a slot and not be in the table, see {@link #begin}.
 *
 * <p>A slot names a row: its number times two, plus the ordinal of its family. A row that was taken
 * out stays as it is until {@link #UNTOUCHED} others were, so that packets under way can still read
 * their connection.
 *
 * <p>Hot: {@link #words}, {@link #base}, {@link #get}, {@link #set}, which do not allocate, and
 * {@link #begin} and {@link #add}, which allocate the connection and, now and then, a segment.
 */
final class EntryStore {
  /** No slot. */
  static final int NONE = -1;

  /** How many rows taken out are left alone before the first of them is used again. */
  static final int UNTOUCHED = 4096;

  /**
   * Few segments, so that where they begin stays in the processor's caches: of 10 million rows
   * there are 611 beginnings, each on a page of its own.
   */
  private static final int ROW_BITS = 14;

  private static final int ROWS = 1 << ROW_BITS;
  private static final int[] NO_WORDS = {};
  private static final Connection[] NO_CONNECTIONS = {};
  private static final int INTS_V4 = EntryRow.ints(IpFamily.IPV4);
  private static final int INTS_V6 = EntryRow.ints(IpFamily.IPV6);

  /** Which rows of one family are in use. */
  private static final class Slots {
    int used;

    final FreeSlots free = new FreeSlots();

    /** The connection that began last, until it is in the table, and its slot. */
    Connection begun = Connection.NONE;

    int begunSlot;
  }

  private final Slots[] families = {new Slots(), new Slots()};

  // The segments of both families in turn.
  private int[][] words = {};
  private Connection[][] connections = {};

  /** Returns the ints among which a slot's row lies. */
  int[] words(int slot) {
    return words[segment(slot)];
  }

  /** Returns where a slot's row begins among {@link #words}. */
  static int base(int slot) {
    int row = row(slot);
    return (slot & 1) == 0 ? row * INTS_V4 : row * INTS_V6;
  }

  /** Returns the slot of the row that starts somewhere among the ints of a segment. */
  static int slot(int[] words, int base, IpFamily family) {
    int row = family == IpFamily.IPV4 ? base / INTS_V4 : base / INTS_V6;
    return words[words.length - 1] + 2 * row;
  }

  /** Returns a segment of one row that is not of the store. */
  static int[] ownRow(IpFamily family) {
    return segment(EntryRow.ints(family), family.ordinal());
  }

  /** Returns ints for rows, and behind them the slot of the first row. */
  private static int[] segment(int ints, int firstSlot) {
    int[] words = new int[ints + 1];
    words[ints] = firstSlot;
    return words;
  }

  /** Returns the family of a slot, or of what else has its ordinal as the lowest bit. */
  static IpFamily family(int slot) {
    return (slot & 1) == 0 ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  /** Returns a field of a slot. */
  int get(int slot, int field) {
    return words(slot)[base(slot) + field];
  }

  /** Sets a field of a slot. */
  void set(int slot, int field, int value) {
    words(slot)[base(slot) + field] = value;
  }

  /** Returns a field of two ints of a slot. */
  long getLong(int slot, int field) {
    return EntryRow.getLong(words(slot), base(slot) + field);
  }

  /** Reads the lines of a slot's row that every packet needs, and returns a mix of them. */
  int readAhead(int slot) {
    return EntryRow.readAhead(words(slot), base(slot), family(slot));
  }

  /** Returns the connection of a slot. */
  Connection connection(int slot) {
    return connections[segment(slot)][row(slot)];
  }

  private static int segment(int slot) {
    return (slot >>> ROW_BITS & ~1) | (slot & 1);
  }

  /** Returns the row of a slot in its segment. */
  private static int row(int slot) {
    return (slot >>> 1) & (ROWS - 1);
  }

  /**
   * Returns a new connection whose row lies in here from the start, for most soon enter the table:
   * 220 instead of 330 instructions for it to begin and to enter. One that has not when the next
   * begins, as when its packet was dropped, gets a row of its own.
   *
   * @param original the tuple of its first packet, which has an inverse
   * @param kind as {@link EntryKind} writes it
   * @param hash the hash of that tuple
   */
  Connection begin(TupleKey original, int kind, long hash) {
    Slots slots = families[original.family().ordinal()];
    Connection before = slots.begun;
    int slot;
    if (before.exists()) {
      slot = slots.begunSlot;
      before.leaveTable();
    } else {
      slot = takeSlot(slots, original.family());
    }
    int[] words = words(slot);
    int base = base(slot);
    EntryRow.clear(words, base);
    EntryRow.putLong(words, base + EntryRow.HASHES, hash);
    Connection connection = new Connection(original, kind, words, base);
    connections[segment(slot)][row(slot)] = connection;
    slots.begun = connection;
    slots.begunSlot = slot;
    return connection;
  }

  /** Lets a connection enter the table; returns its slot. */
  @SuppressWarnings("ReferenceEquality") // a connection is itself alone
  int add(Connection connection) {
    Slots slots = families[connection.family().ordinal()];
    int slot;
    if (connection == slots.begun) {
      slots.begun = Connection.NONE;
      slot = slots.begunSlot;
    } else {
      slot = takeSlot(slots, connection.family());
      connections[segment(slot)][row(slot)] = connection;
      connection.moveTo(words(slot), slot);
    }
    return slot;
  }

  private int takeSlot(Slots slots, IpFamily family) {
    if (slots.free.size() > UNTOUCHED) {
      int slot = slots.free.take();
      connections[segment(slot)][row(slot)].end();
      return slot;
    }
    int slot = slots.used++ << 1 | family.ordinal();
    if (row(slot) == 0) {
      addSegment(slot);
    }
    return slot;
  }

  /** Adds a segment. Only the directory of segments is ever copied. */
  private void addSegment(int firstSlot) {
    int place = segment(firstSlot);
    if (place >= words.length) {
      int known = words.length;
      int directory = Math.max(4, 2 * known);
      words = Arrays.copyOf(words, directory);
      connections = Arrays.copyOf(connections, directory);
      Arrays.fill(words, known, directory, NO_WORDS);
      Arrays.fill(connections, known, directory, NO_CONNECTIONS);
    }
    words[place] = segment(ROWS * EntryRow.ints(family(firstSlot)), firstSlot);
    connections[place] = new Connection[ROWS];
  }

  /** Gives a slot back. Its row can be read for a while. */
  void remove(int slot) {
    families[slot & 1].free.add(slot);
  }

  /** Forgets the numbers of all paths. A connection that is not in the table yet has none. */
  void forgetPaths() {
    for (IpFamily family : IpFamily.values()) {
      for (int row = 0; row < families[family.ordinal()].used; row++) {
        int slot = row << 1 | family.ordinal();
        if ((get(slot, EntryRow.STATUS) & ConnectionStatus.CONFIRMED) != 0) {
          set(slot, EntryRow.PATHS, 0);
        }
      }
    }
  }

  /**
   * Hands each connection that is in the table to a consumer, which may take it out, but hardly any
   * that the consumer adds.
   */
  void forEach(Consumer<Connection> consumer) {
    for (IpFamily family : IpFamily.values()) {
      int used = families[family.ordinal()].used;
      for (int row = 0; row < used; row++) {
        Connection connection = connection(row << 1 | family.ordinal());
        if (connection.isConfirmed() && !connection.hasAny(ConnectionStatus.DYING)) {
          consumer.accept(connection);
        }
      }
    }
  }
}
