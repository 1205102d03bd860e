package dev.packetpath.iptables;

import java.util.Arrays;

/**
 * The places of the rules of each bucket of a {@link TupleIndex}, ascending. The first buckets are
 * ported: many of their rules ask for one destination port each, behind matches that always hold.
 * Such a bucket has four kinds of lists: all its rules, those rules by port, those rules together
 * with the sums of the match calls that each costs when its port is another, and its other rules.
 */
final class TupleLists {
  /** The number of the list without rules. */
  private final int empty;

  /** For each ported bucket the number of its group. */
  private final int[] shapes;

  private final HeaderMatch[] headers;

  /** For each ported bucket its list of rules with a port, and its list of other rules. */
  private final int[] withPort;

  private final int[] others;

  /** For each list where it starts in {@link #places} and ends. */
  private final int[] first;

  private final int[] end;

  private final int[] places;

  /** For each entry the calls of the entries before it in its list; also at a list's end. */
  private final int[] calls;

  /**
   * For each list of one port the bucket times 65536 plus the port, otherwise a negative number.
   */
  private final long[] portOf;

  TupleLists(TupleListsBuilder builder) {
    this.empty = builder.empty;
    this.shapes = builder.shapes.toIntArray();
    this.headers = builder.headers.toArray(new HeaderMatch[0]);
    this.withPort = builder.withPort.toIntArray();
    this.others = builder.others.toIntArray();
    this.first = builder.first.toIntArray();
    this.end = builder.end.toIntArray();
    this.places = builder.places.toIntArray();
    this.calls = builder.headers.isEmpty() ? new int[0] : builder.calls.toIntArray();
    this.portOf = builder.headers.isEmpty() ? new long[0] : builder.portOf.toLongArray();
  }

  boolean isPorted(int bucket) {
    return bucket < headers.length;
  }

  /** Returns whether a ported bucket is of a group; otherwise the hash led to it by chance. */
  boolean isOfShape(int bucket, int shape) {
    return shapes[bucket] == shape;
  }

  /** Returns what each rule with a port of a ported bucket asks of the header. */
  HeaderMatch header(int bucket) {
    return headers[bucket];
  }

  int others(int bucket) {
    return others[bucket];
  }

  int first(int list) {
    return first[list];
  }

  int end(int list) {
    return end[list];
  }

  int[] places() {
    return places;
  }

  /** Returns a list if it is that of a port of a ported bucket, otherwise the empty list. */
  int ofPort(int bucket, int port, int list) {
    return list != TupleTable.ABSENT && portOf[list] == portOf(bucket, port) ? list : empty;
  }

  static long portOf(int bucket, int port) {
    return (long) bucket << 16 | port;
  }

  /** Returns the calls of the rules with a port of a ported bucket before a place. */
  int callsBefore(int bucket, int place) {
    int list = withPort[bucket];
    return callsBefore(first[list], end[list], place);
  }

  /** Returns the calls of the entries of a part of a list that are before a place. */
  int callsBefore(int from, int to, int place) {
    int found = Arrays.binarySearch(places, from, to, place);
    return calls[found < 0 ? -1 - found : found] - calls[from];
  }
}
