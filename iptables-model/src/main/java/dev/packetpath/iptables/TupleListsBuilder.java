package dev.packetpath.iptables;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.List;

/** Collects {@link TupleLists}. */
final class TupleListsBuilder {
  private static final long NO_PORT = -1;

  final int empty;
  final IntArrayList shapes = new IntArrayList();
  final List<HeaderMatch> headers = new ArrayList<>();
  final IntArrayList withPort = new IntArrayList();
  final IntArrayList others = new IntArrayList();
  final IntArrayList first = new IntArrayList();
  final IntArrayList end = new IntArrayList();
  final IntArrayList places = new IntArrayList();
  final IntArrayList calls = new IntArrayList();
  final LongArrayList portOf = new LongArrayList();

  /** Starts with the lists of so many buckets, to be set by {@link #set}. */
  TupleListsBuilder(int buckets) {
    for (int i = 0; i <= buckets; i++) {
      reserve();
    }
    this.empty = buckets;
  }

  private void reserve() {
    first.add(0);
    end.add(0);
    portOf.add(NO_PORT);
  }

  /** Sets the list of all rules of a bucket. */
  void set(int list, IntArrayList ofList) {
    first.set(list, places.size());
    places.addAll(ofList);
    end.set(list, places.size());
    calls.size(places.size());
  }

  private int add(IntArrayList ofList) {
    reserve();
    int list = first.size() - 1;
    set(list, ofList);
    return list;
  }

  /**
   * Adds the next ported bucket.
   *
   * @param shape the number of its group
   * @param header what its rules with a port ask of the header
   * @param ofPorts its rules with a port
   * @param ofOthers its other rules
   */
  void addPorted(
      int shape, HeaderMatch header, TupleIndexBuilder.PortList ofPorts, IntArrayList ofOthers) {
    shapes.add(shape);
    headers.add(header);
    withPort.add(add(ofPorts, NO_PORT));
    others.add(add(ofOthers));
  }

  /**
   * Adds a list of rules with a port and returns its number.
   *
   * @param port see {@link TupleLists#portOf(int, int)}
   */
  int add(TupleIndexBuilder.PortList ofPort, long port) {
    int list = add(ofPort.places);
    portOf.set(list, port);
    int sum = 0;
    for (int i = 0; i < ofPort.calls.size(); i++) {
      calls.set(first.getInt(list) + i, sum);
      sum += ofPort.calls.getInt(i);
    }
    places.add(Integer.MAX_VALUE);
    calls.add(sum);
    return list;
  }

  TupleLists build() {
    return new TupleLists(this);
  }
}
