package dev.packetpath.conntrack;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Tells which connections are over. A connection whose time is put off keeps its place in the queue
 * and is put back when that comes up, so that a packet of a live flow costs nothing here.
 */
final class ExpiryQueue {
  private record Place(long atNs, long number, Connection connection) {}

  private final PriorityQueue<Place> places =
      new PriorityQueue<>(Comparator.comparingLong(Place::atNs).thenComparingLong(Place::number));
  private long nextNumber;

  /** Takes note of when a confirmed connection ends. */
  void note(Connection connection) {
    if (connection.expiresAtNs() < connection.queuedForNs()) {
      connection.queuedForNs(connection.expiresAtNs());
      places.add(new Place(connection.expiresAtNs(), nextNumber++, connection));
    }
  }

  /** Hands each connection that is over at a time to a consumer. */
  void expire(long nowNs, Consumer<Connection> over) {
    Place first = places.peek();
    while (first != null && first.atNs <= nowNs) {
      places.poll();
      Connection connection = first.connection;
      if (first.atNs == connection.queuedForNs()) {
        connection.queuedForNs(Long.MAX_VALUE);
        if (!connection.hasAny(ConnectionStatus.DYING)) {
          if (connection.expiresAtNs() <= nowNs) {
            over.accept(connection);
          } else {
            note(connection);
          }
        }
      }
      first = places.peek();
    }
  }
}
