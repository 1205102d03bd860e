package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is dropped when memory is short. */
final class DefenseTest {
  private static final ServiceSpec SERVICE = ServiceSpec.builder(Fleet.KEY).scheduler("rr").build();

  @Test
  void everyTenthNewConnectionMayBeDropped() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_PACKET, 3), 1);
    fleet.add(0, 1);
    for (int client = 0; client < 60; client++) {
      assertThat(fleet.connect(client))
          .as("client %s", client)
          .isEqualTo(client % 10 == 0 ? -1 : 0);
    }
  }

  @Test
  void whenMemoryIsShortConnectionsAreDropped() {
    IpvsSettings settings =
        IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_PACKET, 1).withAvailablePages(768);
    Fleet fleet = new Fleet(SERVICE, settings, 1);
    fleet.add(0, 1);
    assertThat(java.util.stream.IntStream.range(0, 12).map(fleet::connect).filter(s -> s < 0))
        .hasSize(3);
  }

  /** As recorded: of 354 half-open connections 86 to 118 are left after 45 s. */
  @Test
  void halfOpenConnectionsAreDroppedAtRandom() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_ENTRY, 3), 1);
    fleet.add(0, 1);
    for (int client = 0; client < 354; client++) {
      fleet.connect(client);
    }
    fleet.connect(1_000);
    fleet.send(Fleet.packet(1_000, TcpFlags.ACK));
    fleet.sleep(45);
    assertThat(fleet.ipvs.connectionCount()).isBetween(60, 120);
    assertThat(fleet.ipvs.connections())
        .extracting(IpvsConnection::stateName)
        .contains("ESTABLISHED");
  }

  /**
   * As recorded: of 250 connections with two packets each that were idle for 62 s, 123 are left
   * after 52 s more. Before 60 s none falls.
   */
  @Test
  void idleConnectionsAreDroppedByTheirPackets() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS, 1);
    fleet.add(0, 1);
    for (int client = 0; client < 250; client++) {
      fleet.connect(client);
      fleet.send(Fleet.packet(client, TcpFlags.ACK));
    }
    fleet.ipvs.settings(IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_ENTRY, 3));
    fleet.sleep(52);
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(250);
    fleet.ipvs.settings(IpvsSettings.DEFAULTS);
    fleet.sleep(10);
    fleet.ipvs.settings(IpvsSettings.DEFAULTS.with(IpvsSysctl.DROP_ENTRY, 3));
    fleet.sleep(52);
    assertThat(fleet.ipvs.connectionCount()).isBetween(100, 146);
  }

  @Test
  void strictTcpCallsAHalfOpenConnectionSynack() {
    Fleet fleet = new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.SECURE_TCP, 3), 1);
    fleet.ipvs.addServer(Fleet.KEY, Fleet.spec(0).method(Method.DIRECT_ROUTING).build());
    fleet.connect(1);
    assertThat(fleet.ipvs.connection().stateName()).isEqualTo("SYNACK");
  }

  /** As recorded in a kernel of 100 ticks a second: rounds are 104 ticks apart. */
  @Test
  void roundsAreAsFarApartAsTheTimerFires() {
    IpvsSettings settings =
        IpvsSettings.DEFAULTS.withTicksPerSecond(100).with(IpvsSysctl.DROP_ENTRY, 3);
    Fleet fleet = new Fleet(SERVICE, settings, 1);
    fleet.add(0, 1);
    for (int client = 0; client < 1_500; client++) {
      fleet.connect(client);
    }
    List<Integer> rounds = new ArrayList<>();
    int before = fleet.ipvs.connectionCount();
    for (int tick = 1; tick <= 420; tick++) {
      fleet.sleepTicks(1);
      int now = fleet.ipvs.connectionCount();
      if (now != before) {
        rounds.add(tick);
        before = now;
      }
    }
    assertThat(rounds).containsExactly(104, 208, 312, 416);
  }
}
