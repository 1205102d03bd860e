package dev.packetpath.ipvs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Predicate;

/**
 * Tells which connections are over. A connection whose time is put off keeps its place in the queue
 * and is put back when that comes up, so that a packet of a live connection costs nothing here.
 *
 * <p>Of timers that fire together, those of a coarser level do first, and of one level the one that
 * was put into its slot last: a connection before the template that was started just before it
 * (enqueue_timer and collect_expired_timers of kernel/time/timer.c, Linux 6.1).
 */
final class ConnectionTimers {
  /** Where a timer stands among those that are to fire; that of no connection has {@code NONE}. */
  record Place(long atNs, int level, long startedAs, IpvsConnection connection)
      implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::atNs)
            .thenComparing(Place::level, Comparator.reverseOrder())
            .thenComparing(Place::startedAs, Comparator.reverseOrder());

    /** The place of a timer that does not run. */
    static final Place NEVER = new Place(Long.MAX_VALUE, 0, 0, IpvsConnection.NONE);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  private final TimerWheel wheel;
  private final PriorityQueue<Place> places = new PriorityQueue<>();
  private final List<IpvsConnection> held = new ArrayList<>();
  private Predicate<IpvsConnection> mayFire = connection -> true;
  private long started;

  ConnectionTimers(TimerWheel wheel) {
    this.wheel = wheel;
  }

  /** Sets which timers fire when their time comes; those that may not wait for the next setting. */
  void mayFire(Predicate<IpvsConnection> condition) {
    mayFire = condition;
    List<IpvsConnection> waiting = List.copyOf(held);
    held.clear();
    for (IpvsConnection connection : waiting) {
      if (connection.live) {
        note(connection);
      }
    }
  }

  /** Returns when timers fire that are set at a time. */
  TimerWheel wheel() {
    return wheel;
  }

  /** Starts a connection's timer anew with its timeout. */
  void restart(IpvsConnection connection, long nowNs) {
    connection.ending = false;
    connection.expiresAtNs = nowNs + connection.timeoutNs;
    long firesAtNs = wheel.firesAtNs(nowNs, connection.timeoutNs);
    if (firesAtNs != connection.firesAtNs) {
      connection.startedAs = started++;
    }
    connection.firesAtNs = firesAtNs;
    connection.timerLevel = wheel.level(connection.timeoutNs);
    note(connection);
  }

  /**
   * Starts a timer of something else than a connection.
   *
   * @param running its place so far, which it keeps if it is to fire at the same time
   */
  Place start(Place running, long nowNs, long timeoutNs) {
    long firesAtNs = wheel.firesAtNs(nowNs, timeoutNs);
    return firesAtNs == running.atNs
        ? running
        : new Place(firesAtNs, wheel.level(timeoutNs), started++, IpvsConnection.NONE);
  }

  /**
   * Lets a connection's timer fire with the kernel's next tick, unless its time is over: a late
   * timer stays as late (ip_vs_conn_expire_now).
   */
  void endNow(IpvsConnection connection, long nowNs) {
    if (connection.expiresAtNs <= nowNs) {
      return;
    }
    connection.ending = true;
    connection.expiresAtNs = nowNs;
    connection.firesAtNs = Math.min(connection.firesAtNs, wheel.firesAtNs(nowNs, 0));
    connection.startedAs = started++;
    connection.timerLevel = 0;
    note(connection);
  }

  private void note(IpvsConnection connection) {
    if (connection.firesAtNs < connection.queuedForNs) {
      connection.queuedForNs = connection.firesAtNs;
      places.add(
          new Place(connection.firesAtNs, connection.timerLevel, connection.startedAs, connection));
    }
  }

  /** Returns whether a connection's timer may fire before another. */
  boolean fireBefore(Place other) {
    Place first = places.peek();
    return first != null && first.compareTo(other) < 0;
  }

  /** Returns when a timer may fire next; it may turn out to be put off. */
  long nextNs() {
    Place first = places.peek();
    return first == null ? Long.MAX_VALUE : first.atNs;
  }

  /**
   * Takes the first timer off the queue.
   *
   * @return its connection if it is over, {@link IpvsConnection#NONE} if it was put off or is gone
   */
  IpvsConnection takeFirst() {
    Place first = places.remove();
    IpvsConnection connection = first.connection;
    if (first.atNs != connection.queuedForNs) {
      return IpvsConnection.NONE;
    }
    connection.queuedForNs = Long.MAX_VALUE;
    if (!connection.live) {
      return IpvsConnection.NONE;
    }
    if (connection.firesAtNs > first.atNs) {
      note(connection);
      return IpvsConnection.NONE;
    }
    if (!connection.ending && !mayFire.test(connection)) {
      held.add(connection);
      return IpvsConnection.NONE;
    }
    return connection;
  }
}
