package dev.packetpath.iptables;

import dev.packetpath.core.net.IpAddress;
import it.unimi.dsi.fastutil.ints.Int2ObjectLinkedOpenHashMap;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Groups the rules of a chain for a {@link TupleIndex}. */
final class TupleIndexBuilder {
  private static final int NO_SHAPE = -1;

  private final List<Rule> rules;
  private final DevicePatterns devices;
  private final int minPorted;
  private final Object2IntOpenHashMap<TupleShape> shapes = new Object2IntOpenHashMap<>();
  private final List<TupleShape> shapeList = new ArrayList<>();
  private final Long2IntOpenHashMap bucketOfKey = new Long2IntOpenHashMap();
  private final List<Bucket> buckets = new ArrayList<>();

  /**
   * The rules that one key finds.
   *
   * @param header what the first of them asks of the header
   */
  private record Bucket(long key, TupleShape shape, HeaderMatch header, IntArrayList places) {}

  /**
   * Creates a builder.
   *
   * @param minPorted how many rules of a bucket with a port each make it a ported one
   */
  TupleIndexBuilder(List<Rule> rules, DevicePatterns devices, int minPorted) {
    this.rules = rules;
    this.devices = devices;
    this.minPorted = minPorted;
    bucketOfKey.defaultReturnValue(TupleTable.ABSENT);
    shapes.defaultReturnValue(NO_SHAPE);
  }

  /** Groups the rules from a place on. */
  void group(int from) {
    for (int place = from; place < rules.size(); place++) {
      HeaderMatch header = rules.get(place).header();
      TupleShape shape = TupleShape.of(header);
      int number = shapes.getInt(shape);
      if (number == NO_SHAPE) {
        number = shapes.size();
        shapes.put(shape, number);
        shapeList.add(shape);
      }
      long key = shape.key(number + 1, header, devices);
      int bucket = bucketOfKey.get(key);
      if (bucket == TupleTable.ABSENT) {
        bucket = buckets.size();
        bucketOfKey.put(key, bucket);
        buckets.add(new Bucket(key, shape, header, new IntArrayList(1)));
      }
      buckets.get(bucket).places.add(place);
    }
  }

  /**
   * Returns the index over what was grouped.
   *
   * @param starts where the code of each rule starts, from the first one that was grouped on
   * @param outcomes where the outcome of the first one is, from the start of the chain
   */
  TupleIndex build(int[] starts, int outcomes) {
    List<Bucket> ported = new ArrayList<>();
    List<Bucket> unported = new ArrayList<>();
    for (Bucket bucket : buckets) {
      (isPorted(bucket) ? ported : unported).add(bucket);
    }
    List<Bucket> listed = new ArrayList<>(ported);
    TupleTable tableOfBuckets = new TupleTable(buckets.size());
    for (Bucket bucket : unported) {
      if (bucket.places.size() == 1) {
        int place = bucket.places.getInt(0);
        tableOfBuckets.put(bucket.key, ~place, KeyedRule.of(rules.get(place), bucket.shape));
      } else {
        listed.add(bucket);
      }
    }
    TupleListsBuilder lists = new TupleListsBuilder(listed.size());
    for (int i = 0; i < listed.size(); i++) {
      tableOfBuckets.put(listed.get(i).key, i);
      lists.set(i, listed.get(i).places);
    }
    Long2IntOpenHashMap listOfPort = new Long2IntOpenHashMap();
    for (int i = 0; i < ported.size(); i++) {
      addPorts(i, ported.get(i), lists, listOfPort);
    }
    TupleTable tableOfPorts = new TupleTable(listOfPort.size());
    listOfPort.forEach((key, list) -> tableOfPorts.put(key, list));
    return new TupleIndex(
        shapeList.toArray(new TupleShape[0]),
        values(TupleIndexBuilder::source),
        values(TupleIndexBuilder::destination),
        tableOfBuckets,
        tableOfPorts,
        lists.build(),
        starts,
        outcomes,
        rules.size());
  }

  private MaskedValues values(BiFunction<TupleShape, HeaderMatch, MaskedValues.Masked> side) {
    HeaderMatch none = buckets.get(0).header;
    return new MaskedValues(
        shapeList.stream().map(shape -> side.apply(shape, none)).toList(),
        buckets.stream().map(bucket -> side.apply(bucket.shape, bucket.header)).toList());
  }

  private static MaskedValues.Masked source(TupleShape shape, HeaderMatch header) {
    IpAddress address = header.source().address();
    return MaskedValues.Masked.of(
        shape.sourceHigh(), shape.sourceLow(), address.high(), address.low());
  }

  private static MaskedValues.Masked destination(TupleShape shape, HeaderMatch header) {
    IpAddress address = header.destination().address();
    return MaskedValues.Masked.of(
        shape.destinationHigh(), shape.destinationLow(), address.high(), address.low());
  }

  private boolean isPorted(Bucket bucket) {
    return bucket.places.size() >= minPorted
        && bucket.places.intStream().filter(place -> port(bucket, place).isPresent()).count()
            >= minPorted;
  }

  /** Returns the port on which alone a rule fails once its bucket's header holds. */
  private Optional<ExactPort> port(Bucket bucket, int place) {
    Rule rule = rules.get(place);
    return bucket.shape.covers(rule.header()) && rule.header().equals(bucket.header)
        ? ExactPort.of(rule)
        : Optional.empty();
  }

  private void addPorts(
      int number, Bucket bucket, TupleListsBuilder lists, Long2IntOpenHashMap listOfPort) {
    PortList all = new PortList();
    IntArrayList others = new IntArrayList();
    Int2ObjectLinkedOpenHashMap<PortList> byPort = new Int2ObjectLinkedOpenHashMap<>();
    for (int place : bucket.places) {
      Optional<ExactPort> port = port(bucket, place);
      if (port.isEmpty()
          || listOfPort.containsKey(TupleTable.portKey(bucket.key, port.get().port()))) {
        others.add(place);
      } else {
        all.add(place, port.get().calls());
        byPort
            .computeIfAbsent(port.get().port(), key -> new PortList())
            .add(place, port.get().calls());
      }
    }
    lists.addPorted(shapes.getInt(bucket.shape), bucket.header, all, others);
    byPort.forEach(
        (port, list) ->
            listOfPort.put(
                TupleTable.portKey(bucket.key, port),
                lists.add(list, TupleLists.portOf(number, port))));
  }

  /** Places of rules, with the match calls that each costs when it is passed over. */
  static final class PortList {
    final IntArrayList places = new IntArrayList();
    final IntArrayList calls = new IntArrayList();

    void add(int place, int callsIfPassedOver) {
      places.add(place);
      calls.add(callsIfPassedOver);
    }
  }
}
