package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConntrackTableTest {
  private static final long FIRST_V4 = IpAddress.parse("10.0.0.0").low();

  private final Work work = new Work();
  private final VirtualClock clock = new VirtualClock();
  private final TupleKey key = new TupleKey();

  private Entries entries(int buckets, long seed) {
    return new Entries(new ConntrackTable(new EntryStore(), buckets, seed, work), clock);
  }

  /** Returns one of many tuples that differ as those of real traffic do: by port, then address. */
  private static Tuple flow(IpFamily family, int number) {
    boolean v4 = family == IpFamily.IPV4;
    IpAddress client =
        v4
            ? IpAddress.ipv4((int) FIRST_V4 + (number >>> 14))
            : IpAddress.ipv6(0xfd00_0000_0000_0000L, number >>> 14);
    return Tuple.of(
        IpProtocol.TCP,
        client,
        32_768 + (number & 0x3fff),
        IpAddress.parse(v4 ? "10.96.0.1" : "fd00::a"),
        443);
  }

  private static Connection connection(IpFamily family, int number) {
    Tuple original = flow(family, number);
    Connection connection = new Connection(original, original.inverse(), Zone.DEFAULT);
    connection.timeoutNs(VirtualClock.NS_PER_SECOND);
    return connection;
  }

  private static Entries filled(Entries entries, IpFamily family, int count) {
    for (int i = 0; i < count; i++) {
      entries.insert(connection(family, i));
    }
    return entries;
  }

  private double comparedPerLookup(IpFamily family, int count) {
    ConntrackTable table = filled(entries(count, 1), family, count).live();
    work.clear();
    SplittableRandom random = new SplittableRandom(1);
    int lookups = 20_000;
    for (int i = 0; i < lookups; i++) {
      int node = table.find(key.set(flow(family, random.nextInt(count))), Zone.DEFAULT);
      assertThat(node).isNotEqualTo(ConntrackTable.NONE);
    }
    return (double) work.count(ConntrackOperations.ENTRY_COMPARED) / lookups;
  }

  @ParameterizedTest
  @EnumSource(IpFamily.class)
  void lookupComparesAsManyEntriesHoweverManyThereAre(IpFamily family) {
    double few = comparedPerLookup(family, 2_000);
    double many = comparedPerLookup(family, 200_000);
    assertThat(many / few).isBetween(1 / 1.2, 1.2);
    assertThat(many).as("itself and half of the two others").isCloseTo(2, within(0.1));
  }

  /** Pearson's test: the statistic of 1,023 degrees of freedom is within 7 sigma of its mean. */
  private static void assertUniform(ConntrackTable table, IntFunction<Tuple> tuples) {
    int draws = 64 * table.buckets();
    int[] counts = new int[table.buckets()];
    TupleKey key = new TupleKey();
    for (int i = 0; i < draws; i++) {
      counts[table.bucketOf(key.set(tuples.apply(i)), 0)]++;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += (count - 64.0) * (count - 64.0) / 64;
    }
    double freedom = table.buckets() - 1;
    assertThat(chiSquare).isCloseTo(freedom, within(7 * Math.sqrt(2 * freedom)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, 0x9e37_79b9_7f4a_7c15L})
  void bucketsOfOrderlyTrafficAreUniform(long seed) {
    ConntrackTable table = entries(1024, seed).live();
    for (IpFamily family : IpFamily.values()) {
      assertUniform(table, i -> flow(family, i));
      assertUniform(table, i -> flow(family, i).inverse());
      assertUniform(table, i -> flow(family, i << 14));
    }
  }

  @Test
  void seedDecidesTheBucketsAndSoDoesEachFieldOfTheTuple() {
    ConntrackTable one = entries(1 << 30, 1).live();
    ConntrackTable two = entries(1 << 30, 2).live();
    Tuple tuple = flow(IpFamily.IPV4, 0);
    List<Integer> buckets = new ArrayList<>();
    buckets.add(two.bucketOf(key.set(tuple), 0));
    buckets.add(one.bucketOf(key.set(tuple), 0));
    buckets.add(one.bucketOf(key.set(tuple), 1));
    buckets.add(one.bucketOf(key.set(tuple.inverse()), 0));
    buckets.add(one.bucketOf(key.set(tuple.withPorts(1, 443)), 0));
    buckets.add(one.bucketOf(key.set(tuple.withPorts(32_768, 1)), 0));
    buckets.add(one.bucketOf(key.set(tuple.withSource(0, 1)), 0));
    buckets.add(one.bucketOf(key.set(tuple.withDestination(0, 1)), 0));
    for (int half = 0; half < 2; half++) {
      Tuple v6 = flow(IpFamily.IPV6, 0);
      buckets.add(one.bucketOf(key.set(v6.withSource(half, 1 - half)), 0));
      buckets.add(one.bucketOf(key.set(v6.withDestination(half, 1 - half)), 0));
    }
    Tuple udp =
        Tuple.of(
            IpProtocol.UDP,
            tuple.source(),
            tuple.sourcePort(),
            tuple.destination(),
            tuple.destinationPort());
    buckets.add(one.bucketOf(key.set(udp), 0));
    assertThat(buckets).doesNotHaveDuplicates();
    assertThat(one.bucketOf(key.set(tuple), 0)).isEqualTo(buckets.get(1));
  }

  @Test
  void connectionThatEndedIsReadForAWhile() {
    Entries entries = filled(entries(64, 0), IpFamily.IPV4, EntryStore.UNTOUCHED + 1);
    List<Connection> all = new ArrayList<>();
    entries.live().forEach(all::add);
    all.get(0).mark(7);
    entries.remove(all.get(0));
    for (int i = 1; i < EntryStore.UNTOUCHED; i++) {
      entries.remove(all.get(i));
    }
    entries.insert(connection(IpFamily.IPV4, 100_000));
    assertThat(all.get(0).original()).isEqualTo(flow(IpFamily.IPV4, 0));
    assertThat(all.get(0).mark()).isEqualTo(7);

    entries.remove(all.get(EntryStore.UNTOUCHED));
    Connection next = connection(IpFamily.IPV4, 100_001);
    entries.insert(next);
    assertThat(next.mark()).isZero();
    assertThat(all.get(1).original()).isEqualTo(flow(IpFamily.IPV4, 1));
    assertThatThrownBy(all.get(0)::mark)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("left the table long ago");
    assertThatThrownBy(() -> all.get(0).mark(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void placesOfEndedConnectionsAreUsedAgain() {
    EntryStore store = new EntryStore();
    Entries entries = new Entries(new ConntrackTable(store, 64, 0, work), clock);
    int highest = 0;
    for (int i = 0; i < 5 * EntryStore.UNTOUCHED; i++) {
      Connection connection = connection(IpFamily.IPV6, i);
      entries.insert(connection);
      assertThat(store.connection(connection.slot())).isSameAs(connection);
      assertThat(EntryStore.family(connection.slot())).isEqualTo(IpFamily.IPV6);
      highest = Math.max(highest, connection.slot() >>> 1);
      entries.remove(connection);
    }
    assertThat(highest).isEqualTo(EntryStore.UNTOUCHED);
  }

  /** More than one segment of rows, of one family and then of both. */
  @Test
  void eachOfManyConnectionsIsInItsSlot() {
    EntryStore store = new EntryStore();
    for (IpFamily family : List.of(IpFamily.IPV6, IpFamily.IPV4)) {
      Entries entries = new Entries(new ConntrackTable(store, 64, 0, work), clock);
      List<Connection> all = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        Connection connection = begin(entries, family, i);
        entries.insert(connection);
        all.add(connection);
      }
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).slot()).isEqualTo(2 * i + family.ordinal());
        assertThat(store.connection(all.get(i).slot())).isSameAs(all.get(i));
      }
      all.subList(0, 19_900).forEach(entries::remove);
      List<Connection> left = new ArrayList<>();
      entries
          .live()
          .forEach(
              connection -> {
                if (connection.family() == family) {
                  left.add(connection);
                }
              });
      assertThat(left).containsExactlyElementsOf(all.subList(19_900, 20_000));
    }
  }

  @Test
  void whatBeganAndNeverEnteredLosesItsPlaceToTheNextButNotItsValues() {
    EntryStore store = new EntryStore();
    Entries entries = new Entries(new ConntrackTable(store, 64, 0, work), clock);
    for (IpFamily family : IpFamily.values()) {
      Connection dropped = begin(entries, family, 0);
      dropped.mark(7);
      dropped.set(ConnectionStatus.DST_NAT);
      Connection entering = begin(entries, family, 1);
      assertThat(entering.mark()).isZero();
      assertThat(entering.status()).isZero();
      assertThat(dropped.original()).isEqualTo(flow(family, 0));
      assertThat(dropped.mark()).isEqualTo(7);
      store.forEach(connection -> assertThat(connection).isNotIn(dropped, entering));

      entering.mark(8);
      entries.insert(entering);
      Connection next = begin(entries, family, 2);
      assertThat(next.slot()).isNotEqualTo(entering.slot());
      entries.insert(dropped);
      entries.insert(next);
      assertThat(store.connection(entering.slot())).isSameAs(entering);
      assertThat(store.connection(dropped.slot())).isSameAs(dropped);
      assertThat(store.connection(next.slot())).isSameAs(next);
      assertThat(entering.original()).isEqualTo(flow(family, 1));
      assertThat(entering.mark()).isEqualTo(8);
      assertThat(dropped.original()).isEqualTo(flow(family, 0));
      assertThat(dropped.mark()).isEqualTo(7);
      assertThat(next.mark()).isZero();
    }
    assertThat(entries.live().size()).isEqualTo(6);
  }

  @Test
  void placesAreUsedAgainByWhatBeginsThere() {
    EntryStore store = new EntryStore();
    Entries entries = new Entries(new ConntrackTable(store, 64, 0, work), clock);
    Connection first = begin(entries, IpFamily.IPV4, 0);
    first.mark(7);
    entries.insert(first);
    int slot = first.slot();
    entries.remove(first);
    int begun = 0;
    Connection next;
    do {
      next = begin(entries, IpFamily.IPV4, ++begun);
      assertThat(next.mark()).isZero();
      assertThat(next.status()).isZero();
      entries.insert(next);
      entries.remove(next);
    } while (next.slot() != slot && begun < 2 * EntryStore.UNTOUCHED);
    assertThat(next.slot()).isEqualTo(slot);
    assertThatThrownBy(first::mark).isInstanceOf(IllegalStateException.class);
  }

  private static Connection begin(Entries entries, IpFamily family, int flow) {
    Connection begun =
        entries.begin(
            new TupleKey().set(flow(family, flow)), EntryKind.of(IpProtocol.TCP, Zone.DEFAULT), 0);
    begun.timeoutNs(1);
    return begun;
  }

  @Test
  void removingTwiceAndRemovingWhatIsNotInDoesNothing() {
    Entries entries = entries(4, 0);
    Connection connection = connection(IpFamily.IPV4, 1);
    entries.remove(connection);
    entries.insert(connection);
    entries.remove(connection);
    entries.remove(connection);
    assertThat(entries.live().size()).isZero();
  }

  /** A connection under way asks again and again for its tuples. */
  @Test
  void aFreeTupleIsSoughtAnewOnceTheTableChanged() {
    Entries entries = entries(1, 0);
    ConntrackTable table = entries.live();
    Connection connection = connection(IpFamily.IPV4, 1);
    Connection other = connection(IpFamily.IPV4, 2);
    assertFree(table, connection, 0);
    entries.insert(other);
    assertFree(table, connection, 2);
    Connection same = connection(IpFamily.IPV4, 1);
    entries.insert(same);
    for (Direction direction : Direction.values()) {
      assertThat(table.seekFree(connection, direction)).isEqualTo(ConntrackTable.TAKEN);
    }
    entries.remove(same);
    assertFree(table, connection, 2);
  }

  @Test
  void aFreeTupleIsSoughtAnewOnceItChanged() {
    Entries entries = filled(entries(1, 0), IpFamily.IPV4, 1);
    ConntrackTable table = entries.live();
    Connection connection = connection(IpFamily.IPV4, 1);
    table.foundFree(connection, 2);
    assertFree(table, connection, 2);
    connection.tuple(Direction.REPLY, flow(IpFamily.IPV4, 0).inverse());
    assertThat(table.hashOf(connection, Direction.REPLY)).isNotZero();
    assertThat(table.seekFree(connection, Direction.REPLY)).isEqualTo(ConntrackTable.TAKEN);
    assertThat(table.seekFree(connection, Direction.ORIGINAL)).isEqualTo(2);
    connection.answersFrom(0, FIRST_V4, 7);
    assertThat(table.seekFree(connection, Direction.REPLY)).isEqualTo(2);
  }

  @Test
  void thatBothTuplesAreFreeIsKnownUntilOneOrTheTableChanges() {
    Entries entries = filled(entries(1, 0), IpFamily.IPV4, 1);
    ConntrackTable table = entries.live();
    Connection connection = connection(IpFamily.IPV4, 1);
    table.foundFree(connection, 2);
    assertThat(table.knowsFree(connection)).isFalse();
    assertKnown(table, connection);
    assertThat(connection.answersFrom(0, FIRST_V4, 7)).isTrue();
    assertThat(table.knowsFree(connection)).as("another destination").isFalse();
    assertKnown(table, connection);
    assertThat(connection.answersFrom(0, FIRST_V4, 7)).isFalse();
    assertThat(table.knowsFree(connection)).as("the same destination").isTrue();
    connection.tuple(Direction.REPLY, flow(IpFamily.IPV4, 2).inverse());
    assertThat(table.knowsFree(connection)).as("another tuple").isFalse();
    assertKnown(table, connection);
    Connection more = connection(IpFamily.IPV4, 3);
    entries.insert(more);
    assertThat(table.knowsFree(connection)).as("one entry more").isFalse();
    assertKnown(table, connection);
    entries.remove(more);
    assertThat(table.knowsFree(connection)).as("one entry less").isFalse();
    assertKnown(table, connection);
    assertThat(table.knowsFree(connection(IpFamily.IPV4, 1))).as("another connection").isFalse();
  }

  private static void assertKnown(ConntrackTable table, Connection connection) {
    int ofReply = table.seekFree(connection, Direction.REPLY);
    int ofOriginal = table.seekFree(connection, Direction.ORIGINAL);
    assertThat(table.knowsFree(connection)).isTrue();
    assertThat(table.freeCompared(Direction.REPLY)).isEqualTo(ofReply);
    assertThat(table.freeCompared(Direction.ORIGINAL)).isEqualTo(ofOriginal);
  }

  @Test
  void whatIsKnownOfOneConnectionIsNotOfAnother() {
    Entries entries = filled(entries(1, 0), IpFamily.IPV4, 1);
    ConntrackTable table = entries.live();
    assertFree(table, connection(IpFamily.IPV4, 1), 2);
    Connection same = connection(IpFamily.IPV4, 0);
    for (Direction direction : Direction.values()) {
      assertThat(table.seekFree(same, direction)).isEqualTo(ConntrackTable.TAKEN);
    }
  }

  /** Asks twice, as what was found is remembered. */
  private static void assertFree(ConntrackTable table, Connection connection, int compared) {
    for (int i = 0; i < 4; i++) {
      assertThat(table.seekFree(connection, Direction.of(i & 1))).isEqualTo(compared);
    }
  }
}
