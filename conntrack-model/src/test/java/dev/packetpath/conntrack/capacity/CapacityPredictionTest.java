package dev.packetpath.conntrack.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Timeout;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CapacityPredictionTest {
  private static final long SECOND = VirtualClock.NS_PER_SECOND;
  private static final ConntrackSettings KNOWN =
      ConntrackSettings.builder().max(131_072).buckets(131_072).build();
  private static final ConnectionProfile SHORT = ConnectionProfile.tcp(0, 0);

  private static List<Arrivals> always(ConnectionProfile profile, double perSecond) {
    return List.of(new Arrivals(profile, 0, Long.MAX_VALUE, perSecond));
  }

  @Test
  void tableOf131072WithTwoMinutesOfTimeWaitTakes1092ConnectionsASecond() {
    CapacityPrediction table = CapacityPrediction.of(KNOWN);
    assertThat(table.sustainablePerSecond(SHORT)).isEqualTo(131_072 / 120.0, within(1e-9));
    assertThat(table.predict(always(SHORT, 1092), 130 * SECOND, SECOND).fullFromNs()).isEmpty();
    Occupancy full = table.predict(always(SHORT, 1093), 130 * SECOND, SECOND);
    assertThat(full.fullFromNs().orElseThrow() / 1e9).isCloseTo(119.92, within(0.05));
    assertThat(full.last().packetsLost()).isPositive();
  }

  @Test
  void simulationOfTheKnownCaseAgrees() {
    Occupancy holds = LoadSimulation.run(KNOWN, always(SHORT, 1092), 125 * SECOND, SECOND, 1);
    assertThat(holds.fullFromNs()).isEmpty();
    assertThat(holds.last().total()).isCloseTo(131_040, within(2.0));
    Occupancy full = LoadSimulation.run(KNOWN, always(SHORT, 1093), 125 * SECOND, SECOND, 1);
    assertThat(full.fullFromNs().orElseThrow() / 1e9).isCloseTo(119.92, within(0.05));
  }

  @Test
  void entriesOfOneConnectionAreCountedForAsLongAsTheyLast() {
    CapacityPrediction table = CapacityPrediction.of(ConntrackSettings.DEFAULTS);
    long second = SECOND;
    assertThat(table.entryNs(ConnectionProfile.tcp(second, 5 * second)))
        .as("three round trips, five seconds, TIME_WAIT")
        .isEqualTo((3 + 5 + 120) * 1e9);
    assertThat(table.entryNs(ConnectionProfile.synFlood())).isEqualTo(120e9);
    assertThat(table.entryNs(ConnectionProfile.udpExchange(second))).isEqualTo(31e9);
  }

  @Test
  void connectionThatOutlivesItsEntryGetsAnotherOne() {
    ConntrackSettings settings =
        ConntrackSettings.builder().seconds(Timeout.UDP, 10).max(1000).build();
    ConnectionProfile silent =
        ConnectionProfile.builder("silent", IpProtocol.UDP)
            .client(0, 0, 1)
            .client(60 * SECOND, 0, 1)
            .build();
    assertThat(CapacityPrediction.of(settings).entryNs(silent)).isEqualTo(20e9);
    Occupancy occupancy =
        CapacityPrediction.of(settings).predict(always(silent, 10), 100 * SECOND, SECOND);
    assertThat(occupancy.last().total()).isCloseTo(200, within(0.01));
  }

  @Test
  void resetBeforeAnyReplyEndsTheEntryAtOnce() {
    ConnectionProfile refused =
        ConnectionProfile.builder("refused", IpProtocol.TCP)
            .client(0, TcpFlags.SYN, 0)
            .server(SECOND, TcpFlags.RST | TcpFlags.ACK, 0)
            .build();
    assertThat(CapacityPrediction.of(ConntrackSettings.DEFAULTS).entryNs(refused)).isEqualTo(1e9);
  }

  @Test
  void tableWithoutLimitIsNeverFull() {
    ConntrackSettings unlimited = ConntrackSettings.builder().max(0).build();
    CapacityPrediction table = CapacityPrediction.of(unlimited);
    assertThat(table.sustainablePerSecond(SHORT)).isInfinite();
    assertThat(table.predict(always(SHORT, 1e5), 10 * SECOND, SECOND).last().total())
        .isCloseTo(1e6, within(1.0));
  }

  @Test
  void lostSynIsSentAgain() {
    ConntrackSettings tiny =
        ConntrackSettings.builder()
            .max(100)
            .buckets(100_000)
            .seconds(Timeout.TCP_TIME_WAIT, 2)
            .build();
    double once = lost(tiny, SHORT);
    double again = lost(tiny, SHORT.withSynRetries());
    assertThat(again).isGreaterThan(2 * once);
  }

  private static double lost(ConntrackSettings settings, ConnectionProfile profile) {
    return CapacityPrediction.of(settings)
        .predict(always(profile, 200), 10 * SECOND, SECOND)
        .last()
        .packetsLost();
  }

  @Test
  void occupancyIsPrintedByState() {
    Occupancy occupancy =
        CapacityPrediction.of(ConntrackSettings.DEFAULTS)
            .predict(always(ConnectionProfile.synFlood(), 100), 2 * SECOND, SECOND);
    assertThat(occupancy.toText())
        .isEqualTo(
            """
            seconds | tcp SYN_SENT [UNREPLIED] | entries | lost
            1.0 | 100 | 100 | 0
            2.0 | 200 | 200 | 0
            """);
  }

  @Test
  void badInputSaysWhatWasExpected() {
    assertThatThrownBy(() -> new Arrivals(SHORT, 0, 1, -1))
        .hasMessage("a rate above 0 and below 1e9, found -1.0");
    assertThatThrownBy(() -> new Arrivals(SHORT, 5, 1, 1))
        .hasMessage("arrivals from 5 ns until 1 ns");
    assertThatThrownBy(
            () -> ConnectionProfile.builder("x", IpProtocol.SCTP).client(0, 0, 0).build())
        .hasMessage("profile x: TCP, UDP or ICMP, found protocol 132");
    assertThatThrownBy(() -> ConnectionProfile.builder("x", IpProtocol.UDP).build())
        .hasMessage("profile x: at least one packet");
    assertThatThrownBy(() -> ConnectionProfile.builder("x", IpProtocol.UDP).client(-5, 0, 0))
        .hasMessage("profile x: time goes backwards by -5 ns");
    assertThatThrownBy(() -> ConnectionProfile.builder("x", IpProtocol.UDP).server(0, 0, 0).build())
        .hasMessageContaining("the first packet is the client's at 0");
    assertThatThrownBy(() -> CapacityPrediction.of(KNOWN).predict(always(SHORT, 1), SECOND, 0))
        .hasMessage("samples each 0 ns until 1000000000");
  }
}
