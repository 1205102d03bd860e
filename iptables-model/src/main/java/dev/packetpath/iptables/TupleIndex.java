package dev.packetpath.iptables;

import dev.packetpath.core.HookState;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tuple space: rules grouped by the header fields that they fix, and in each group found by the
 * values of these fields. One hash table holds all groups. Many rules that fix the same values, and
 * then ask for one destination port each, are found by that port; what the others would have cost
 * in match calls is known from sums.
 *
 * <p>Of many groups most are pruned first, by one probe for each mask of source and destination.
 *
 * <p>{@link #start} costs one probe for each group that is left, {@link #next} one comparison for
 * each group that has rules for the packet; neither allocates. False hits of the hash are harmless,
 * for what is found is evaluated in full, but for rules of keys that have none ({@link KeyedRule}).
 */
final class TupleIndex implements ChainIndex {
  /** So few groups are all probed. */
  private static final int MAX_UNPRUNED = 8;

  private static final int WORDS_OF_WALK = 2;
  private static final int WORDS_OF_LIST = 2;
  private static final int WORDS_OF_PASSED = 3;

  private final TupleProbe[] probes;
  private final boolean isPruned;
  private final boolean asksDevices;
  private final MaskedValues sources;
  private final MaskedValues destinations;
  private final TupleTable buckets;
  private final TupleTable ports;
  private final TupleLists lists;
  private final int[] starts;
  private final int outcomes;
  private final int end;

  /** Whether one group alone fixes anything, and has keys without false hits: {@link #keyed}. */
  private final boolean hasOneKeyed;

  private final TupleProbe keyed;

  /** The first rule of the group that fixes nothing, the size of the chain if there is none. */
  private final int firstForAll;

  /**
   * Creates an index.
   *
   * @param shapes the groups; the seed of a group's keys is its place plus one
   * @param sources the values of source addresses
   * @param destinations the values of destination addresses
   * @param buckets the numbers of the buckets by key; of one rule, the complement of its place
   * @param ports the numbers of lists of one port of one bucket by key
   * @param lists the places of the rules
   * @param starts where the code of each rule starts, from the first one of the index on
   * @param outcomes where the outcome of the first one is, from the start of the chain
   * @param end the size of the chain
   */
  TupleIndex(
      TupleShape[] shapes,
      MaskedValues sources,
      MaskedValues destinations,
      TupleTable buckets,
      TupleTable ports,
      TupleLists lists,
      int[] starts,
      int outcomes,
      int end) {
    this.probes = new TupleProbe[shapes.length];
    for (int i = 0; i < shapes.length; i++) {
      probes[i] = new TupleProbe(shapes[i], i + 1);
    }
    this.sources = sources;
    this.destinations = destinations;
    this.isPruned = shapes.length > MAX_UNPRUNED;
    this.buckets = buckets;
    this.ports = ports;
    this.lists = lists;
    this.starts = starts;
    this.outcomes = outcomes;
    this.end = end;
    boolean devices = false;
    for (TupleShape shape : shapes) {
      devices |= shape.in() || shape.out();
    }
    this.asksDevices = devices;
    List<TupleProbe> fixing = Stream.of(probes).filter(p -> !p.fixesNothing()).toList();
    this.hasOneKeyed = fixing.size() == 1 && fixing.get(0).fitsKey();
    this.keyed = hasOneKeyed ? fixing.get(0) : probes[0];
    this.firstForAll =
        Stream.of(probes)
            .filter(TupleProbe::fixesNothing)
            .mapToInt(probe -> firstOf(buckets.find(probe.key(new Packet(), 0, 0))))
            .findFirst()
            .orElse(end);
  }

  private int firstOf(long found) {
    int bucket = TupleTable.number(found);
    return bucket < 0 ? ~bucket : lists.places()[lists.first(bucket)];
  }

  @Override
  public int sure(IndexCursors cursors, Packet packet) {
    if (!hasOneKeyed || packet.isLaterFragment() || packet.transportTruncated()) {
      return NOT_SURE;
    }
    long key = keyed.key(packet, 0, 0);
    FoundAhead ahead = cursors.ahead;
    long found = ahead.knows(this, key) ? ahead.last() : buckets.find(key);
    int place = ~TupleTable.number(found);
    if (place < 0 || place > firstForAll) {
      return NOT_SURE;
    }
    cursors.matchCalls = KeyedRule.matchCalls(TupleTable.detail(found), packet);
    return cursors.matchCalls == IndexCursors.TO_BE_TESTED ? NOT_SURE : place;
  }

  @Override
  public void lookAhead(List<Packet> burst, int from, int behind, FoundAhead ahead) {
    ahead.begin(this, behind - from);
    for (int i = from; i < behind && hasOneKeyed; i++) {
      long key = keyed.key(burst.get(i), 0, 0);
      ahead.add(key, buckets.find(key));
    }
  }

  @Override
  public int only(long found) {
    int bucket = TupleTable.number(found);
    return bucket < 0 && bucket != TupleTable.ABSENT ? ~bucket : NOT_SURE;
  }

  /**
   * The words of a walk: the number of lists and of ported buckets; then for each list where it
   * stands and ends, or the complement of its only rule's place and what is known of this; then for
   * each ported bucket its number and the list of the packet's port.
   */
  @Override
  public int start(IndexCursors cursors, Packet packet, HookState state, DeviceViews devices) {
    int in = asksDevices ? devices.exact(state.in()) : 0;
    int out = asksDevices ? devices.exact(state.out()) : 0;
    boolean portsKnown = !packet.isLaterFragment() && !packet.transportTruncated();
    int walk = cursors.take(WORDS_OF_WALK + probes.length * (2 * WORDS_OF_LIST + WORDS_OF_PASSED));
    int[] words = cursors.words;
    int list = walk + WORDS_OF_WALK;
    int passed = list + probes.length * 2 * WORDS_OF_LIST;
    int firstPassed = passed;
    long aliveSources = isPruned ? sources.alive(packet.sourceHigh(), packet.sourceLow()) : -1;
    long aliveDestinations =
        isPruned ? destinations.alive(packet.destinationHigh(), packet.destinationLow()) : -1;
    int first = end;
    int matchCalls = IndexCursors.TO_BE_TESTED;
    for (int i = 0; i < probes.length; i++) {
      if (isPruned
          && !(sources.isAlive(i, aliveSources) && destinations.isAlive(i, aliveDestinations))) {
        continue;
      }
      TupleProbe probe = probes[i];
      long key = probe.key(packet, in, out);
      long found = buckets.find(key);
      int bucket = TupleTable.number(found);
      if (bucket == TupleTable.ABSENT) {
        continue;
      }
      if (bucket < 0) {
        int known =
            portsKnown && probe.fitsKey()
                ? KeyedRule.matchCalls(TupleTable.detail(found), packet)
                : IndexCursors.TO_BE_TESTED;
        words[list] = bucket;
        words[list + 1] = known;
        list += WORDS_OF_LIST;
        if (~bucket < first) {
          first = ~bucket;
          matchCalls = known;
        }
        continue;
      }
      if (portsKnown && lists.isPorted(bucket)) {
        if (!lists.isOfShape(bucket, i) || !lists.header(bucket).matches(packet, state)) {
          continue;
        }
        int port = packet.destinationPort();
        int ofPort = lists.ofPort(bucket, port, listOf(TupleTable.portKey(key, port)));
        words[passed] = bucket;
        words[passed + 1] = words[list] = lists.first(ofPort);
        words[passed + 2] = words[list + 1] = lists.end(ofPort);
        passed += WORDS_OF_PASSED;
        if (firstOf(words, list) < first) {
          first = firstOf(words, list);
          matchCalls = IndexCursors.TO_BE_TESTED;
        }
        list += WORDS_OF_LIST;
        int others = lists.others(bucket);
        words[list] = lists.first(others);
        words[list + 1] = lists.end(others);
      } else {
        words[list] = lists.first(bucket);
        words[list + 1] = lists.end(bucket);
      }
      if (firstOf(words, list) < first) {
        first = firstOf(words, list);
        matchCalls = IndexCursors.TO_BE_TESTED;
      }
      list += WORDS_OF_LIST;
    }
    cursors.first = first;
    cursors.matchCalls = matchCalls;
    words[walk] = (list - walk - WORDS_OF_WALK) / WORDS_OF_LIST;
    words[walk + 1] = (passed - firstPassed) / WORDS_OF_PASSED;
    return walk;
  }

  /** Returns the first place of a list, the size of the chain if it has none. */
  private int firstOf(int[] words, int list) {
    return words[list] < words[list + 1] ? lists.places()[words[list]] : end;
  }

  private int listOf(long portKey) {
    return TupleTable.number(ports.find(portKey));
  }

  @Override
  public int next(IndexCursors cursors, int walk, int from) {
    cursors.matchCalls = IndexCursors.TO_BE_TESTED;
    int[] words = cursors.words;
    int[] places = lists.places();
    int least = end;
    int list = walk + WORDS_OF_WALK;
    for (int left = words[walk]; left > 0; left--) {
      int at = words[list];
      if (at < 0) {
        if (~at >= from && ~at < least) {
          least = ~at;
          cursors.matchCalls = words[list + 1];
        }
        list += WORDS_OF_LIST;
        continue;
      }
      int endOfList = words[list + 1];
      while (at < endOfList && places[at] < from) {
        at++;
      }
      words[list] = at;
      if (at < endOfList && places[at] < least) {
        least = places[at];
        cursors.matchCalls = IndexCursors.TO_BE_TESTED;
      }
      list += WORDS_OF_LIST;
    }
    return least;
  }

  @Override
  public int start(int place) {
    return place == end ? 0 : starts[place - end + starts.length];
  }

  @Override
  public int outcome(int place) {
    return outcomes + place - end + starts.length;
  }

  @Override
  public int callsPassedOver(IndexCursors cursors, int walk, int before) {
    int[] words = cursors.words;
    int calls = 0;
    int passed = walk + WORDS_OF_WALK + probes.length * 2 * WORDS_OF_LIST;
    for (int left = words[walk + 1]; left > 0; left--) {
      calls += lists.callsBefore(words[passed], before);
      calls -= lists.callsBefore(words[passed + 1], words[passed + 2], before);
      passed += WORDS_OF_PASSED;
    }
    return calls;
  }
}
