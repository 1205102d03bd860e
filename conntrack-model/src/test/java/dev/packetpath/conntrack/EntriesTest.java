package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EntriesTest {
  /** Of the timer wheel, which has lists of single ticks, and lists of 1,024. */
  private static final long TICK_NS = 1 << 17;

  private final VirtualClock clock = new VirtualClock();
  private final Entries entries =
      new Entries(new ConntrackTable(new EntryStore(), 16, 1, new Work()), clock);

  /** The list that stood for ticks 1,024 to 2,047 at first is not the list for them later. */
  @Test
  void anEntryEndsInTimeThoughOthersWereFiledForThatTimeLongBefore() {
    insert(1, 1_023);
    entries.remove(insert(2, 1_500));
    clock.advanceTo(1_030 * TICK_NS);
    assertThat(entries.live().size()).isZero();

    insert(3, 1_100);

    clock.advanceTo(1_100 * TICK_NS);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(entries.live().size()).isZero());
  }

  /** Places in the order of insertion are numbers modulo 2^32. */
  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MAX_VALUE})
  void theOrderOfInsertionGoesOnBehindTheLastNumber(int number) {
    Connection third = insert(1, 10);
    Connection first = insert(2, 10);
    Connection second = insert(3, 10);
    List<Connection> ordered = List.of(first, second, third);
    for (int i = 0; i < 3; i++) {
      ordered.get(i).word(EntryRow.NUMBER, number + i);
    }
    List<Connection> sorted = new ArrayList<>(List.of(third, first, second));
    sorted.sort(Entries.byInsertion(number + 3));
    assertThat(sorted).isEqualTo(ordered);
    List<Connection> ended = new ArrayList<>();
    entries.onRemove(ended::add);
    clock.advanceTo(10 * TICK_NS);
    assertThat(entries.live().size()).isZero();
    assertThat(ended).isEqualTo(ordered);
  }

  /** Before it enters the table, a connection has its hashes where it will have its paths. */
  @Test
  void onlyConnectionsInTheTableForgetTheirPaths() {
    Connection in = insert(1, 10);
    EntryRow.path(in.row(), in.base(), 1, 7);
    EntryStore store = entries.live().store();
    TupleKey key = new TupleKey().set(in.reply());
    Connection begun = store.begin(key, EntryKind.of(IpProtocol.UDP, Zone.DEFAULT), -1);
    begun.hash(Direction.REPLY, -2);

    store.forgetPaths();

    assertThat(EntryRow.path(in.row(), in.base(), 1)).isZero();
    assertThat(begun.hash(Direction.ORIGINAL)).isEqualTo(-1);
    assertThat(begun.hash(Direction.REPLY)).isEqualTo(-2);
  }

  private Connection insert(int port, long tick) {
    IpAddress client = IpAddress.parse("10.0.0.1");
    IpAddress server = IpAddress.parse("10.0.0.2");
    Tuple original = Tuple.of(IpProtocol.UDP, client, port, server, 53);
    Connection connection = new Connection(original, original.inverse(), Zone.DEFAULT);
    connection.timeoutNs(tick * TICK_NS);
    entries.insert(connection);
    return connection;
  }
}
