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

/** What is noted at once of a SYN that opens a connection is what the kernel notes step by step. */
final class OpeningSegmentProperties {
  private static final byte[][] OPTIONS = {
    {}, {2, 4, 5, (byte) 180}, {4, 2, 3, 3, 7, 1, 1, 1}, {3, 3, 15, 1}, {1, 1, 4, 2}, {3, 0, 0, 0},
  };

  @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
  void rowAndTimeoutAreTheSame(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ConntrackSettings settings =
        ConntrackSettings.builder()
            .accounting(random.nextBoolean())
            .tcpMaxRetrans(random.nextInt(3))
            .tcpLoose(random.nextBoolean())
            .seconds(Timeout.TCP_SYN_SENT, 1 + random.nextInt(400))
            .seconds(Timeout.TCP_MAX_RETRANS, 1 + random.nextInt(400))
            .build();
    Packet packet = syn(random);
    Connection connection = blank(packet);
    if (settings.accounting()) {
      connection.account();
    }
    int[] before = connection.row().clone();
    TcpTracker tracker = tracker(settings);
    Packet earlier = syn(random);
    tracker.track(blank(earlier), earlier, ConnectionState.NEW, Hook.PREROUTING); // is forgotten
    Tracker.Result result = tracker.track(connection, packet, ConnectionState.NEW, Hook.PREROUTING);
    assertThat(result).isEqualTo(Tracker.Result.ACCEPTED);
    Connection expected = blank(packet);
    stepByStep(packet).store(expected);
    assertThat(tracking(connection)).isEqualTo(tracking(expected));
    assertThat(connection.expiresAtNs()).isEqualTo(seconds(settings) * VirtualClock.NS_PER_SECOND);
    assertThat(connection.packets(Direction.ORIGINAL)).isEqualTo(settings.accounting() ? 1 : 0);
    assertThat(Arrays.copyOfRange(connection.row(), EntryRow.STATUS, before.length))
        .isEqualTo(Arrays.copyOfRange(before, EntryRow.STATUS, before.length));
  }

  /** The steps of tcp_new, tcp_in_window and nf_conntrack_tcp_packet. */
  private static TcpTracking stepByStep(Packet packet) {
    TcpTracking tcp = new TcpTracking();
    TcpPeer sender = tcp.peer(Direction.ORIGINAL);
    sender.end = TcpSegment.end(packet);
    sender.maxEnd = sender.end;
    sender.maxWindow = Math.max(packet.tcpWindow(), 1);
    sender.readOptions(packet.tcpOptions());
    TcpWindow.Judgement judgement =
        new TcpWindow(false).judge(tcp, Direction.ORIGINAL, TcpSegment.SYN, packet);
    assertThat(judgement).isEqualTo(TcpWindow.Judgement.IN_WINDOW);
    tcp.lastSegment = TcpSegment.SYN;
    tcp.state = TcpTransitions.next(Direction.ORIGINAL, TcpSegment.SYN, TcpState.NONE);
    return tcp;
  }

  /** No window was seen before, which is told from none left by nothing. */
  private static long seconds(ConntrackSettings settings) {
    return Math.min(
        settings.seconds(Timeout.TCP_SYN_SENT), settings.seconds(Timeout.TCP_MAX_RETRANS));
  }

  private static Packet syn(SplittableRandom random) {
    int more =
        switch (random.nextInt(4)) {
          case 0 -> TcpFlags.PSH;
          case 1 -> TcpFlags.URG;
          default -> 0;
        };
    return Router.tcp("10.0.1.5", 1000, "10.0.2.9", 80, "S")
        .tcpFlags(TcpFlags.SYN | more)
        .tcpSequence(random.nextBoolean() ? random.nextInt() : random.nextInt(5) - 2)
        .tcpAcknowledgment(random.nextInt())
        .tcpWindow(random.nextBoolean() ? random.nextInt(3) : random.nextInt(1 << 16))
        .tcpOptions(OPTIONS[random.nextInt(OPTIONS.length)])
        .payloadLength(random.nextBoolean() ? 0 : random.nextInt(1 << 16));
  }

  private static Connection blank(Packet packet) {
    Tuple tuple = TupleReader.read(packet);
    return new Connection(tuple, tuple.inverse(), Zone.DEFAULT);
  }

  private static int[] tracking(Connection connection) {
    int from = EntryRow.TRACKING;
    return Arrays.copyOfRange(connection.row(), from, from + EntryRow.TRACKING_INTS);
  }

  private static TcpTracker tracker(ConntrackSettings settings) {
    VirtualClock clock = new VirtualClock();
    ConntrackTable table = new ConntrackTable(new EntryStore(), 16, 1, new Work());
    return new TcpTracker(
        new Lifetimes(clock, settings, new Entries(table, clock), new Events(clock)));
  }
}
