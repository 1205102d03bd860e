package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table that is large enough to remember what was found, against walks of its buckets. */
class RecentFindsTest {
  private static final int BUCKETS = 5 * (1 << 16);
  private static final int FLOWS = 2 * BUCKETS;
  private static final int STEPS = 200_000;
  private static final IpAddress SERVER = IpAddress.parse("10.96.0.1");

  private final Work work = new Work();
  private final TupleKey key = new TupleKey();
  private final SplittableRandom random = new SplittableRandom(1);
  private final Connection[] live = new Connection[FLOWS];
  private final Entries entries =
      new Entries(new ConntrackTable(new EntryStore(), BUCKETS, 1, work), new VirtualClock());

  private static Tuple flow(int number) {
    return Tuple.of(
        IpProtocol.UDP, IpAddress.ipv4(10 << 24 | number >>> 8), number & 0xff, SERVER, 53);
  }

  @BeforeEach
  void fillTable() {
    for (int flow = 0; flow < FLOWS; flow++) {
      live[flow] = Connection.NONE;
      if (random.nextBoolean()) {
        toggle(flow);
      }
    }
  }

  private void toggle(int flow) {
    if (live[flow].exists()) {
      entries.remove(live[flow]);
      live[flow] = Connection.NONE;
    } else {
      Tuple original = flow(flow);
      live[flow] = new Connection(original, original.inverse(), Zone.DEFAULT);
      live[flow].timeoutNs(VirtualClock.NS_PER_SECOND);
      entries.insert(live[flow]);
    }
  }

  private long comparedInFind(Tuple tuple) {
    long before = work.count(ConntrackOperations.ENTRY_COMPARED);
    entries.live().find(key.set(tuple), Zone.DEFAULT);
    return work.count(ConntrackOperations.ENTRY_COMPARED) - before;
  }

  /** Returns the flows of a few sets of buckets that are remembered in one place each. */
  private int[] flowsThatMeet() {
    return IntStream.range(0, FLOWS)
        .filter(flow -> (entries.live().bucketOf(key.set(flow(flow)), 0) & 0xffff) < 100)
        .toArray();
  }

  @Test
  void findsAndCountsWhatAWalkOfTheBucketDoes() {
    ConntrackTable table = entries.live();
    int[] flows = flowsThatMeet();
    int found = 0;
    for (int step = 0; step < STEPS; step++) {
      int flow = flows[random.nextInt(flows.length)];
      if (random.nextInt(8) == 0) {
        toggle(flow);
        continue;
      }
      Tuple tuple = random.nextInt(4) == 0 ? flow(flow).inverse() : flow(flow);
      long compared = comparedInFind(tuple);
      int node = table.find(key.set(tuple), Zone.DEFAULT);
      Connection connection =
          node == ConntrackTable.NONE ? Connection.NONE : table.connection(node);
      assertThat(connection).isSameAs(live[flow]);
      found += connection.exists() ? 1 : 0;
      assertThat(node).isEqualTo(table.find(table.hashOf(key, 0), key, Zone.DEFAULT));
      assertThat(compared).isEqualTo(table.compared());
    }
    assertThat(found).isGreaterThan(STEPS / 4);
  }

  private int anyLive() {
    int flow = 0;
    while (!live[flow].exists()) {
      flow++;
    }
    return flow;
  }

  @Test
  void whatWasFoundInOneZoneIsNotFoundInAnother() {
    int flow = anyLive();
    ConntrackTable table = entries.live();
    key.set(flow(flow));
    assertThat(table.find(key, Zone.DEFAULT)).isNotEqualTo(ConntrackTable.NONE);
    assertThat(table.find(key, Zone.of(7))).isEqualTo(ConntrackTable.NONE);
    assertThat(table.find(key, Zone.DEFAULT)).isNotEqualTo(ConntrackTable.NONE);
  }

  @Test
  void connectionOfALaterEntryOfTheSameSlotIsTheLaterOne() {
    int flow = anyLive();
    ConntrackTable table = entries.live();
    int node = table.find(key.set(flow(flow)), Zone.DEFAULT);
    Connection ended = table.connection(node);
    toggle(flow);
    for (int other = flow + 1; other <= flow + 2 * EntryStore.UNTOUCHED; other++) {
      toggle(other);
      toggle(other);
    }
    assertThat(table.connection(node))
        .isNotSameAs(ended)
        .isSameAs(table.store().connection(node >>> 1));
  }
}
