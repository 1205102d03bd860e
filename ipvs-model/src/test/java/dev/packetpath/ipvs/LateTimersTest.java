package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the grain of the kernel's timers decides: with 100 ticks a second, a timer of 60 s that
 * starts with the ticks fires after 61.44 s, one of 120 s after 122.88 s.
 */
final class LateTimersTest {
  private static final IpvsSettings SETTINGS = IpvsSettings.DEFAULTS.withTicksPerSecond(100);

  private static Fleet fleet(String scheduler, IpvsSettings settings, int servers) {
    Fleet fleet =
        new Fleet(ServiceSpec.builder(Fleet.KEY).scheduler(scheduler).build(), settings, 1);
    for (int i = 0; i < servers; i++) {
      fleet.add(i, 1);
    }
    return fleet;
  }

  /** ip_vs_conn_expire_now moves no timer whose time is over, though it has not fired yet. */
  @Test
  void aConnectionWhoseTimerIsLateIsNotEndedSooner() {
    Fleet fleet = fleet("rr", SETTINGS, 2);
    fleet.connect(1);
    fleet.send(Fleet.packet(1, TcpFlags.FIN | TcpFlags.ACK));
    fleet.sleep(121);
    assertThat(fleet.connect(1)).isZero();
    fleet.sleep(1);
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(2);
    fleet.sleep(1);
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
  }

  @Test
  void aConnectionWhoseTimeIsNotOverEndsWithTheNextTick() {
    Fleet fleet = fleet("rr", SETTINGS, 2);
    fleet.connect(1);
    fleet.send(Fleet.packet(1, TcpFlags.FIN | TcpFlags.ACK));
    fleet.sleep(119);
    assertThat(fleet.connect(1)).isZero();
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(2);
    fleet.sleep(1);
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"183,true", "185,false"})
  void theTrashIsEmptiedAsLateAsItsTimerFires(int seconds, boolean sameServer) {
    Fleet fleet = fleet("rr", SETTINGS, 1);
    RealServer before = fleet.servers().get(0);
    fleet.remove(0);
    fleet.sleep(seconds);
    fleet.add(0, 1);
    assertThat(fleet.servers().get(0) == before).isEqualTo(sameServer);
  }

  /**
   * The timer of the trash starts after 2 s and fires after 66.56 s. Of timers that fire together,
   * the one that was started last does first.
   */
  @ParameterizedTest
  @CsvSource({"0,false,false", "2,false,true", "0,true,false"})
  void theTrashIsLookedThroughBeforeConnectionsStartedEarlier(
      int connectsAfter, boolean answers, boolean sameServer) {
    Fleet fleet = fleet("rr", SETTINGS, 1);
    fleet.sleep(connectsAfter);
    fleet.connect(1);
    fleet.sleep(2 - connectsAfter);
    RealServer before = fleet.servers().get(0);
    fleet.remove(0);
    if (answers) {
      Packet request = Fleet.syn(1);
      fleet.ipvs.fromServer(
          new Packet()
              .addresses(Fleet.server(0), request.source())
              .ports(8080, request.sourcePort())
              .tcpFlags(TcpFlags.SYN | TcpFlags.ACK));
    }
    fleet.sleep(193);
    fleet.add(0, 1);
    assertThat(fleet.servers().get(0) == before).isEqualTo(sameServer);
  }

  /** The timer of the trash runs on when the trash is empty, and starts in the same slot again. */
  @Test
  void theTimerOfAnEmptyTrashKeepsItsPlace() {
    Fleet fleet = fleet("rr", SETTINGS, 1);
    RealServer before = fleet.servers().get(0);
    fleet.remove(0);
    fleet.add(0, 1);
    fleet.connect(1);
    fleet.remove(0);
    fleet.sleep(190);
    fleet.add(0, 1);
    assertThat(fleet.servers().get(0)).isNotSameAs(before);
  }

  /** Unused addresses are looked for every thirtieth time that a timer of 60 s has fired. */
  @ParameterizedTest
  @CsvSource({"lblc,1842,0", "lblc,1844,1", "lblcr,1842,0", "lblcr,1844,1"})
  void localityIsForgottenAsLateAsItsTimerFires(String scheduler, int seconds, int chosen) {
    IpvsSettings settings =
        SETTINGS.with(IpvsSysctl.LBLC_EXPIRATION, 1_830).with(IpvsSysctl.LBLCR_EXPIRATION, 1_830);
    Fleet fleet = fleet(scheduler, settings, 1);
    fleet.connect(1);
    fleet.add(1, 1);
    fleet.sleep(seconds);
    assertThat(fleet.connect(2)).isEqualTo(chosen);
  }
}
