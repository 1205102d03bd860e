package dev.packetpath.conntrack;

/** One direction of a connection in the hash table ({@code struct nf_conntrack_tuple_hash}). */
final class TableNode {
  /** The end of a chain, and the answer of a look-up that found nothing. */
  static final TableNode NONE = new TableNode();

  private final Connection connection;
  private final Direction direction;
  private TableNode next;

  @SuppressWarnings("NullAway") // the sentinel's fields are never read
  private TableNode() {
    this.connection = null;
    this.direction = Direction.ORIGINAL;
    this.next = this;
  }

  TableNode(Connection connection, Direction direction) {
    this.connection = connection;
    this.direction = direction;
    this.next = this;
  }

  boolean exists() {
    return this != NONE;
  }

  Connection connection() {
    return connection;
  }

  Direction direction() {
    return direction;
  }

  Tuple tuple() {
    return connection.tuple(direction);
  }

  /** Returns the zone that counts in this direction. */
  int zone() {
    return connection.zoneOfDirections().idIn(direction);
  }

  TableNode next() {
    return next;
  }

  void next(TableNode next) {
    this.next = next;
  }
}
