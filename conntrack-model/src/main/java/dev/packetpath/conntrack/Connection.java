package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;

/**
 * One connection in both of its directions ({@code struct nf_conn},
 * include/net/netfilter/nf_conntrack.h, Linux 6.1). Mutable; belongs to the thread of its host.
 *
 * <p>A connection that left the table keeps its last values until {@value EntryStore#UNTOUCHED}
 * others left it too. Whoever wants them for longer makes a {@link ConntrackEntry} of it.
 */
public final class Connection extends ConnectionRow {
  /** No connection: what rules call INVALID or UNTRACKED. */
  public static final Connection NONE = new Connection(Tuple.NONE, Tuple.NONE, Zone.DEFAULT);

  static final int STATUS_BITS = 0xffff;

  private ConnectionExtension extension = ConnectionExtension.NONE;

  Connection(Tuple original, Tuple reply, Zone zone) {
    super(original.family(), EntryKind.of(original.protocol(), zone));
    tuple(Direction.ORIGINAL, original);
    tuple(Direction.REPLY, reply);
  }

  /**
   * Creates a connection whose row lies in the table.
   *
   * @param original the tuple of its first packet, which has an inverse
   * @param kind as {@link EntryKind} writes it
   * @param words ints of the table; zeros in front of {@link EntryRow#KIND} where the row lies
   * @param base where it starts
   */
  Connection(TupleKey original, int kind, int[] words, int base) {
    super(words, base, original.family(), kind);
    original.putBoth(words, base);
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
    return longWord(EntryRow.COUNTERS + 4 * direction.bit());
  }

  /** Returns the bytes counted in a direction, 0 if accounting is off. */
  public long bytes(Direction direction) {
    return longWord(EntryRow.COUNTERS + 4 * direction.bit() + 2);
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

  void set(int bits) {
    word(EntryRow.STATUS, word(EntryRow.STATUS) | bits);
  }

  /** Sets when the entry ends; how long it lasts once confirmed, before that. */
  void timeoutNs(long timeoutNs) {
    longWord(EntryRow.TIMEOUT, timeoutNs);
  }

  /** Returns the place of the entry in the order of insertion, modulo 2^32. */
  int number() {
    return word(EntryRow.NUMBER);
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

  @Override
  public String toString() {
    return exists() ? original() + " / " + reply() : "no connection";
  }
}
