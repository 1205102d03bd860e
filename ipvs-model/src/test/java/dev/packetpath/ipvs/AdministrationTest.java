package dev.packetpath.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;

/** What becomes of services and servers that are changed, and of their connections. */
final class AdministrationTest {
  private static final ServiceSpec SERVICE = ServiceSpec.builder(Fleet.KEY).scheduler("rr").build();

  @Test
  void aServerThatIsAddedAgainHasItsConnectionsAgain() {
    Fleet fleet = Fleet.of("rr", 1, 1);
    fleet.connect(1);
    fleet.connect(2);
    fleet.remove(0);
    assertThat(fleet.send(Fleet.packet(2, TcpFlags.ACK))).isEqualTo(-1);
    fleet.add(0, 1);
    assertThat(fleet.servers().get(0).activeConnections()).isEqualTo(1);
    assertThat(fleet.send(Fleet.packet(2, TcpFlags.ACK))).isZero();
  }

  @Test
  void aRemovedServerIsForgottenTwoMinutesAfterItsLastConnection() {
    Fleet fleet = Fleet.of("rr", 7);
    fleet.connect(1);
    fleet.ipvs.expire(fleet.ipvs.connection());
    fleet.remove(0);
    fleet.sleep(170);
    fleet.add(0, 7);
    assertThat(fleet.servers().get(0).traffic().connections()).isEqualTo(1);
    fleet.remove(0);
    fleet.sleep(181);
    fleet.add(0, 7);
    assertThat(fleet.servers().get(0).traffic().connections()).isZero();
  }

  /**
   * A server that comes back from the trash with weight 0 has no slots of mh, an edited one has.
   */
  @Test
  void theLastWeightIsForgottenWithEachAddition() {
    Fleet fleet = Fleet.of("mh", 7);
    fleet.weigh(0, 0);
    assertThat(fleet.servers().get(0).lastWeight()).isEqualTo(7);
    fleet.connect(1);
    fleet.remove(0);
    fleet.add(0, 0);
    assertThat(fleet.servers().get(0).lastWeight()).isZero();
  }

  @Test
  void connectionsOfRemovedServersMayBeEnded() {
    Fleet fleet =
        new Fleet(SERVICE, IpvsSettings.DEFAULTS.with(IpvsSysctl.EXPIRE_NODEST_CONN, 1), 1);
    fleet.add(0, 1);
    fleet.add(1, 1);
    fleet.connect(1);
    fleet.connect(2);
    fleet.remove(1);
    fleet.ipvs.advance();
    assertThat(fleet.ipvs.connections())
        .extracting(IpvsConnection::server)
        .containsExactly(fleet.servers().get(0));
  }

  @Test
  void anotherSchedulerStartsWithTheServersThereAre() {
    Fleet fleet = Fleet.of("rr", 1, 9);
    fleet.ipvs.edit(ServiceSpec.builder(Fleet.KEY).scheduler("fo").build());
    assertThat(fleet.connect(1)).isEqualTo(1);
    assertThat(fleet.connect(2)).isEqualTo(1);
    assertThat(fleet.ipvs.services().get(0).spec().scheduler()).isEqualTo("fo");
  }

  @Test
  void whatIsWrongIsSaid() {
    Fleet fleet = Fleet.of("rr", 1);
    assertThatThrownBy(() -> fleet.ipvs.add(SERVICE))
        .hasMessage("service TCP 10.96.0.1:80 exists already");
    assertThatThrownBy(() -> fleet.add(0, 1))
        .hasMessage("service TCP 10.96.0.1:80 has server 10.244.0.1:8080 already");
    assertThatThrownBy(() -> fleet.remove(3))
        .hasMessage("service TCP 10.96.0.1:80 has no server 10.244.0.4:8080");
    assertThatThrownBy(() -> fleet.weigh(3, 1))
        .hasMessage("service TCP 10.96.0.1:80 has no server 10.244.0.4:8080");
    assertThatThrownBy(() -> fleet.ipvs.remove(new ServiceKey.Marked(IpFamily.IPV4, 3)))
        .hasMessage("no service FWM 3");
    assertThatThrownBy(() -> Fleet.spec(0).weight(-1))
        .hasMessage("weight out of range 0..2147483647: -1");
    assertThatThrownBy(() -> Fleet.spec(0).thresholds(3, 4))
        .hasMessage("lower threshold out of range 0..3, the upper one: 4");
    assertThatThrownBy(
            () ->
                fleet.ipvs.addServer(
                    Fleet.KEY, ServerSpec.builder(IpAddress.parse("fd00::1"), 80).build()))
        .hasMessageContaining("of another family");
    fleet.ipvs.addServer(
        Fleet.KEY,
        ServerSpec.builder(IpAddress.parse("fd00::1"), 80).method(Method.TUNNEL).build());
    assertThatThrownBy(() -> new ServiceKey.Virtual(1, Fleet.VIRTUAL, 80))
        .hasMessageContaining("found protocol 1");
    assertThatThrownBy(() -> new ServiceKey.Marked(IpFamily.IPV4, 0)).hasMessage("a mark is not 0");
    assertThatThrownBy(() -> new Persistence(0, 32))
        .hasMessage("timeout out of range 1..2678400: 0");
    assertThatThrownBy(() -> new Persistence(2_678_401, 32))
        .hasMessage("timeout out of range 1..2678400: 2678401");
    assertThatThrownBy(() -> ServiceSpec.builder(Fleet.KEY).persistence(new Persistence(1, 64)))
        .hasMessage("prefix length out of range 0..32: 64");
    ServiceKey six = new ServiceKey.Marked(IpFamily.IPV6, 1);
    assertThatThrownBy(() -> ServiceSpec.builder(six).persistence(new Persistence(1, 0)))
        .hasMessage("prefix length out of range 1..128: 0");
  }

  @Test
  void aServiceLeavesItsConnectionsBehind() {
    Fleet fleet = Fleet.of("rr", 1);
    fleet.connect(1);
    fleet.ipvs.remove(Fleet.KEY);
    assertThat(fleet.ipvs.services()).isEmpty();
    assertThat(fleet.ipvs.connectionCount()).isEqualTo(1);
    assertThat(fleet.send(Fleet.packet(1, TcpFlags.ACK))).isEqualTo(-1);
    fleet.sleep(61);
    assertThat(fleet.ipvs.connectionCount()).isZero();
  }
}
