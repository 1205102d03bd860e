package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The table of rows, its chains and its wheel against a plain list. */
class EntriesProperties {
  private static final long[] STEPS_NS = {
    1, 1_000, 200_000, 131_072_000L, 3_000_000_000L, 140_000_000_000L, 500_000_000_000_000L
  };

  private final VirtualClock clock = new VirtualClock();
  private final List<Long> ended = new ArrayList<>();
  private final ReferenceTable reference = new ReferenceTable();
  private final TupleKey key = new TupleKey();
  private Random random = new Random(0);
  private Entries entries = entries(1, 0);

  private Entries entries(int buckets, long seed) {
    Entries made =
        new Entries(new ConntrackTable(new EntryStore(), buckets, seed, new Work()), clock);
    made.onRemove(connection -> ended.add(Integer.toUnsignedLong(connection.number())));
    return made;
  }

  private IpAddress address(boolean v4) {
    int last = 1 + random.nextInt(3);
    return IpAddress.parse(v4 ? "10.0.0." + last : "fd00::1:0:0:" + last);
  }

  private Tuple tuple() {
    boolean v4 = random.nextBoolean();
    int protocol = random.nextBoolean() ? IpProtocol.TCP : IpProtocol.UDP;
    return Tuple.of(
        protocol, address(v4), 1 + random.nextInt(2), address(v4), 60_000 + random.nextInt(2));
  }

  private Zone zone() {
    return switch (random.nextInt(4)) {
      case 0 -> Zone.of(7);
      case 1 -> new Zone(7, true, false);
      case 2 -> new Zone(7, false, true);
      default -> Zone.DEFAULT;
    };
  }

  private long later() {
    return clock.nowNs()
        + 1
        + (long) (STEPS_NS[random.nextInt(STEPS_NS.length)] * (0.5 + random.nextDouble()));
  }

  private Connection find(Tuple tuple, Zone zone) {
    ConntrackTable table = entries.live();
    int node = table.find(key.set(tuple), zone);
    return node == ConntrackTable.NONE ? Connection.NONE : table.connection(node);
  }

  /** Puts an entry in whose tuples are free, as confirmation does. */
  private void insert(long number) {
    Tuple original = tuple();
    Tuple reply = random.nextInt(4) == 0 ? tuple() : original.inverse();
    Zone zone = zone();
    boolean fits =
        reply.family() == original.family()
            && reply.protocol() == original.protocol()
            && !find(original, zone).exists()
            && !find(reply, zone).exists()
            && !original.equals(reply);
    if (fits) {
      Connection connection = new Connection(original, reply, zone);
      connection.timeoutNs(later());
      connection.mark((int) number);
      entries.insert(connection);
      reference
          .entries()
          .add(
              new ReferenceTable.Entry(
                  original, reply, zone, connection.number(), connection.expiresAtNs()));
    }
  }

  private void check() {
    assertThat(entries.live().size()).isEqualTo(reference.entries().size());
    List<String> listed = new ArrayList<>();
    entries.live().forEach(connection -> listed.add(text(connection)));
    assertThat(listed)
        .containsExactlyInAnyOrderElementsOf(
            reference.entries().stream().map(EntriesProperties::text).toList());
  }

  private static String text(Connection connection) {
    return connection.number()
        + " "
        + connection
        + " "
        + connection.zoneOfDirections()
        + " "
        + connection.expiresAtNs();
  }

  private static String text(ReferenceTable.Entry entry) {
    return entry.number()
        + " "
        + entry.original()
        + " / "
        + entry.reply()
        + " "
        + entry.zone()
        + " "
        + entry.endsAtNs();
  }

  private void step(long number) {
    switch (random.nextInt(6)) {
      case 0, 1 -> insert(number);
      case 2 -> {
        Tuple tuple = tuple();
        Zone zone = zone();
        ReferenceTable.Entry expected = reference.find(tuple, zone);
        Connection found = find(tuple, zone);
        assertThat(found.exists()).isEqualTo(expected != null);
        if (expected != null) {
          assertThat(text(found)).isEqualTo(text(expected));
        }
      }
      case 3 -> {
        clock.advanceTo(later());
        ended.clear();
        int left = entries.live().size();
        assertThat(ended)
            .isEqualTo(
                reference.expire(clock.nowNs()).stream()
                    .map(ReferenceTable.Entry::number)
                    .toList());
        assertThat(left).isEqualTo(reference.entries().size());
      }
      default -> {
        if (!reference.entries().isEmpty()) {
          change(reference.entries().get(random.nextInt(reference.entries().size())));
        }
      }
    }
  }

  /** Takes an entry out, or lets it end sooner or later. */
  private void change(ReferenceTable.Entry entry) {
    Connection connection = find(entry.original(), entry.zone());
    if (connection.number() != entry.number()) {
      return; // an entry of another zone answers for it
    }
    if (random.nextInt(3) == 0) {
      entries.remove(connection);
      reference.entries().remove(entry);
      assertThat(connection.hasAny(ConnectionStatus.DYING)).isTrue();
      assertThat(connection.original()).isEqualTo(entry.original());
    } else {
      entries.endsAt(connection, reference.endAt(entry, later()).endsAtNs());
    }
  }

  @Property(tries = 300)
  void tableIsThatOfAPlainList(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int buckets,
      @ForAll @IntRange(min = 1, max = 300) int steps) {
    random = new Random(seed);
    entries = entries(buckets, seed);
    reference.entries().clear();
    for (int i = 0; i < steps; i++) {
      step(i);
    }
    check();
    clock.advanceTo(clock.nowNs() + 2 * STEPS_NS[STEPS_NS.length - 1]);
    assertThat(entries.live().size()).isZero();
  }
}
