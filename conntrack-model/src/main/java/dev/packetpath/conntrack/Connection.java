package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;

/**
 * One connection in both of its directions ({@code struct nf_conn},
 * include/net/netfilter/nf_conntrack.h, Linux 6.1). Mutable; belongs to the thread of its host.
 */
public final class Connection {
  /** No connection: what rules call INVALID or UNTRACKED. */
  public static final Connection NONE =
      new Connection(Tuple.NONE, Tuple.NONE, Zone.DEFAULT, Tracking.NOTHING);

  private final Tuple original;
  private final Zone zone;
  private final Tracking tracking;
  private final TableNode originalNode;
  private TableNode replyNode;
  private Tuple reply;
  private int status;
  private int mark;
  private long labelsHigh;
  private long labelsLow;
  private long timeoutNs;
  private long queuedForNs = Long.MAX_VALUE;
  private long number;
  private long originalPackets;
  private long originalBytes;
  private long replyPackets;
  private long replyBytes;
  private boolean accounted;
  private String helper = "";
  private TimeoutPolicy timeouts = TimeoutPolicy.NONE;
  private Device masqueradeDevice = Device.NONE;

  Connection(Tuple original, Tuple reply, Zone zone, Tracking tracking) {
    this.original = original;
    this.reply = reply;
    this.zone = zone;
    this.tracking = tracking;
    this.originalNode = new TableNode(this, Direction.ORIGINAL);
    this.replyNode = new TableNode(this, Direction.REPLY);
  }

  /** Returns the tuple of the first packet, before NAT. */
  public Tuple original() {
    return original;
  }

  /** Returns the tuple that answers have: the inverse of the first packet after NAT. */
  public Tuple reply() {
    return reply;
  }

  /** Returns the tuple of a direction. */
  public Tuple tuple(Direction direction) {
    return direction == Direction.ORIGINAL ? original : reply;
  }

  /** Returns whether this is a connection, and not {@link #NONE}. */
  public boolean exists() {
    return this != NONE;
  }

  /** Returns the connection's mark, unsigned. */
  public int mark() {
    return mark;
  }

  /** Sets the connection's mark, unsigned. */
  public void mark(int mark) {
    this.mark = mark;
  }

  /** Returns the status bits, see {@link ConnectionStatus}. */
  public int status() {
    return status;
  }

  /** Returns whether any of these status bits is set. */
  public boolean hasAny(int bits) {
    return (status & bits) != 0;
  }

  /** Returns whether the entry is in the table. */
  public boolean isConfirmed() {
    return hasAny(ConnectionStatus.CONFIRMED);
  }

  /** Returns the number of the zone, 0 to 65535. */
  public int zone() {
    return zone.id();
  }

  /** Returns the zone with the directions in which it counts. */
  public Zone zoneOfDirections() {
    return zone;
  }

  /** Returns the state of the protocol as {@code conntrack -L} shows it, "" if it has none. */
  public String stateName() {
    return tracking.stateName();
  }

  /** Returns when the entry ends in virtual time, or how long it would last if not confirmed. */
  public long expiresAtNs() {
    return timeoutNs;
  }

  /** Returns the whole seconds until the entry ends, 0 if it is not confirmed. */
  public long remainingSeconds(long nowNs) {
    return isConfirmed() ? Math.max(0, timeoutNs - nowNs) / VirtualClock.NS_PER_SECOND : 0;
  }

  /** Returns the upper 64 of the 128 label bits: labels 64 to 127. */
  public long labelsHigh() {
    return labelsHigh;
  }

  /** Returns the lower 64 of the 128 label bits: labels 0 to 63. */
  public long labelsLow() {
    return labelsLow;
  }

  /** Sets the 128 label bits. */
  public void labels(long high, long low) {
    this.labelsHigh = high;
    this.labelsLow = low;
  }

  /** Returns the packets counted in a direction, 0 if accounting is off. */
  public long packets(Direction direction) {
    return direction == Direction.ORIGINAL ? originalPackets : replyPackets;
  }

  /** Returns the bytes counted in a direction, 0 if accounting is off. */
  public long bytes(Direction direction) {
    return direction == Direction.ORIGINAL ? originalBytes : replyBytes;
  }

  /** Returns whether accounting was on when the connection began. */
  public boolean isAccounted() {
    return accounted;
  }

  /** Returns the name of the helper that a rule set, "" for none. */
  public String helper() {
    return helper;
  }

  Tracking tracking() {
    return tracking;
  }

  TableNode originalNode() {
    return originalNode;
  }

  TableNode replyNode() {
    return replyNode;
  }

  void reply(Tuple reply) {
    this.reply = reply;
    this.replyNode = new TableNode(this, Direction.REPLY);
  }

  void set(int bits) {
    status |= bits;
  }

  void clear(int bits) {
    status &= ~bits;
  }

  /** Sets when the entry ends; how long it lasts once confirmed, before that. */
  void timeoutNs(long timeoutNs) {
    this.timeoutNs = timeoutNs;
  }

  /** Returns the earliest time for which the expiry queue holds this entry. */
  long queuedForNs() {
    return queuedForNs;
  }

  void queuedForNs(long queuedForNs) {
    this.queuedForNs = queuedForNs;
  }

  /** Returns the place of the entry in the order of insertion. */
  long number() {
    return number;
  }

  void number(long number) {
    this.number = number;
  }

  void account() {
    accounted = true;
  }

  void count(Direction direction, long packets, long bytes) {
    if (direction == Direction.ORIGINAL) {
      originalPackets += packets;
      originalBytes += bytes;
    } else {
      replyPackets += packets;
      replyBytes += bytes;
    }
  }

  void helper(String helper) {
    this.helper = helper;
    if (!helper.isEmpty()) {
      set(ConnectionStatus.HELPER);
    }
  }

  TimeoutPolicy timeouts() {
    return timeouts;
  }

  void timeouts(TimeoutPolicy timeouts) {
    this.timeouts = timeouts;
  }

  /** Returns the device whose address masquerading chose, {@link Device#NONE} for none. */
  Device masqueradeDevice() {
    return masqueradeDevice;
  }

  void masqueradeDevice(Device device) {
    this.masqueradeDevice = device;
  }

  @Override
  public String toString() {
    return exists() ? original + " / " + reply : "no connection";
  }
}
