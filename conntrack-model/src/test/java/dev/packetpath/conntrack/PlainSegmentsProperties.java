package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What the short way notes of a segment that fits is what the tracker does. */
final class PlainSegmentsProperties {
  private static final int STATUS =
      ConnectionStatus.CONFIRMED | ConnectionStatus.SEEN_REPLY | ConnectionStatus.ASSURED;
  private static final byte[] SACK = {1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 9};

  private int followed;

  @Property(tries = 3_000, shrinking = ShrinkingMode.OFF)
  void rowsAndTimeoutsAreTheSame(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ConntrackSettings settings =
        ConntrackSettings.builder().tcpMaxRetrans(random.nextInt(4)).build();
    Connection connection = connection(random);
    Packet packet = packet(random);
    Direction direction = Direction.of(random.nextInt(2));
    int[] row = connection.row().clone();
    int sack = PlainSegments.sack(row, 0, direction.bit(), packet);
    if (!PlainSegments.fits(row, 0, direction.bit(), packet, sack)) {
      return;
    }
    long lifetimeNs = new PlainSegments(settings).note(row, 0, direction.bit(), packet, sack);
    followed++;
    boolean accepted =
        tracker(settings).track(connection, packet, state(direction), Hook.PREROUTING)
            == Tracker.Result.ACCEPTED;
    assertThat(accepted).isTrue();
    assertThat(tracking(row)).isEqualTo(tracking(connection.row()));
    assertThat(lifetimeNs).isEqualTo(connection.expiresAtNs());
  }

  /** What is drawn is not mostly refused. */
  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void manyAreFollowed() {
    followed = 0;
    for (int seed = 0; seed < 500; seed++) {
      rowsAndTimeoutsAreTheSame(seed);
    }
    assertThat(followed).isBetween(50, 450);
  }

  private static ConnectionState state(Direction direction) {
    return direction == Direction.ORIGINAL
        ? ConnectionState.ESTABLISHED
        : ConnectionState.ESTABLISHED_REPLY;
  }

  private static int[] tracking(int[] row) {
    int from = EntryRow.TRACKING;
    return Arrays.copyOfRange(row, from, from + EntryRow.TRACKING_INTS);
  }

  private static TcpTracker tracker(ConntrackSettings settings) {
    VirtualClock clock = new VirtualClock();
    ConntrackTable table = new ConntrackTable(new EntryStore(), 16, 1, new Work());
    Entries entries = new Entries(table, clock);
    return new TcpTracker(new Lifetimes(clock, settings, entries, new Events(clock)));
  }

  /** Numbers lie so near each other that all bounds are met and missed. */
  private static Connection connection(SplittableRandom random) {
    Packet first = Router.tcp("10.0.1.5", 1000, "10.0.2.9", 80, "S");
    Tuple tuple = TupleReader.read(first);
    Connection connection = new Connection(tuple, tuple.inverse(), Zone.DEFAULT);
    connection.set(STATUS);
    TcpTracking tcp = new TcpTracking();
    tcp.state = random.nextInt(8) == 0 ? TcpState.FIN_WAIT : TcpState.ESTABLISHED;
    tcp.lastSegment = TcpSegment.values()[random.nextInt(6)];
    tcp.lastDirection = Direction.of(random.nextInt(2));
    tcp.lastSequence = near(random);
    tcp.lastAck = near(random);
    tcp.lastEnd = tcp.lastSequence;
    tcp.lastWindow = random.nextInt(3);
    tcp.retransmissions = random.nextInt(4) == 0 ? 255 : random.nextInt(3);
    tcp.challengeAckExpected = random.nextBoolean();
    tcp.simultaneousOpen = random.nextBoolean();
    tcp.lastOffer.flags(random.nextInt());
    for (Direction direction : Direction.values()) {
      TcpPeer peer = tcp.peer(direction);
      peer.end = near(random);
      peer.maxEnd = near(random);
      peer.maxWindow = window(random);
      peer.maxAck = near(random);
      peer.flags(random.nextInt());
    }
    tcp.store(connection);
    return connection;
  }

  private static int window(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> random.nextInt();
      default -> 1 + random.nextInt(4);
    };
  }

  private static int near(SplittableRandom random) {
    int distance = random.nextInt(12) == 0 ? random.nextInt(140_000) - 70_000 : random.nextInt(4);
    return 10 + distance;
  }

  private static Packet packet(SplittableRandom random) {
    Packet packet =
        Router.tcp("10.0.1.5", 1000, "10.0.2.9", 80, "A")
            .tcpSequence(near(random))
            .tcpAcknowledgment(near(random))
            .tcpWindow(random.nextInt(3))
            .payloadLength(random.nextInt(3));
    if (random.nextInt(4) == 0) {
      packet.tcpOptions(SACK);
    }
    return random.nextInt(4) == 0 ? packet.tcpFlags(TcpFlags.ACK | TcpFlags.PSH) : packet;
  }
}
