package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which connections are waited for (nf_ct_expect_related and init_conntrack, Linux 6.1). */
final class ExpectationsTest {
  private static final IpAddress SERVER = IpAddress.parse("10.2.0.5");
  private static final IpAddress CLIENT = IpAddress.parse("10.0.1.5");

  private final VirtualClock clock = new VirtualClock();
  private final Expectations expectations = new Expectations(clock);

  private static Connection master(String client, int zone, String helper) {
    Tuple tuple = Tuple.of(IpProtocol.TCP, IpAddress.parse(client), 1000, SERVER, 21);
    Connection master = new Connection(tuple, tuple.inverse(), Zone.of(zone));
    master.helper(helper);
    return master;
  }

  private static Expectation of(Connection master, int port) {
    return new Expectation(SERVER, CLIENT, port, master, Direction.REPLY, port);
  }

  private static Connection connection(
      int protocol, IpAddress source, IpAddress destination, int port, int zone) {
    Tuple tuple = Tuple.of(protocol, source, 20, destination, port);
    return new Connection(tuple, tuple.inverse(), Zone.of(zone));
  }

  @Test
  void twoMastersDoNotWaitForTheSame() {
    Connection first = master("10.0.1.5", 0, "ftp");
    Connection second = master("10.0.1.6", 0, "ftp");
    assertThat(expectations.add(of(first, 5000))).isTrue();
    assertThat(expectations.add(of(second, 5000))).isFalse();
    assertThat(expectations.add(of(second, 5001))).isTrue();
    assertThat(expectations.waiting())
        .extracting(Expectation::destinationPort)
        .containsExactly(5000, 5001);
    assertThat(expectations.add(of(first, 5000))).as("one's own is replaced").isTrue();
    assertThat(expectations.waiting())
        .extracting(Expectation::destinationPort)
        .containsExactly(5001, 5000);
  }

  @Test
  void zonesKeepEqualExpectationsApart() {
    assertThat(expectations.add(of(master("10.0.1.5", 1, "ftp"), 5000))).isTrue();
    assertThat(expectations.add(of(master("10.0.1.6", 2, "ftp"), 5000))).isTrue();
    Connection arrives = connection(IpProtocol.TCP, SERVER, CLIENT, 5000, 2);
    expectations.fulfil(arrives);
    assertThat(expectations.fulfilledBy(arrives).master().zone()).isEqualTo(2);
    assertThat(expectations.waiting()).extracting(e -> e.master().zone()).containsExactly(1);
  }

  /** From any port, and in all else as announced. */
  @ParameterizedTest
  @CsvSource({
    "6, 10.2.0.5, 10.0.1.5, 5000, 0, true",
    "17, 10.2.0.5, 10.0.1.5, 5000, 0, false",
    "6, 10.2.0.6, 10.0.1.5, 5000, 0, false",
    "6, 10.2.0.5, 10.0.1.6, 5000, 0, false",
    "6, 10.2.0.5, 10.0.1.5, 5001, 0, false",
    "6, 10.2.0.5, 10.0.1.5, 5000, 3, false"
  })
  void aConnectionFulfilsWhatItWasAnnouncedAs(
      int protocol, String source, String destination, int port, int zone, boolean expected) {
    Connection master = master("10.0.1.5", 0, "ftp");
    master.mark(9);
    expectations.add(of(master, 5000));
    Connection arrives =
        connection(protocol, IpAddress.parse(source), IpAddress.parse(destination), port, zone);
    expectations.fulfil(arrives);
    assertThat(arrives.hasAny(ConnectionStatus.EXPECTED)).isEqualTo(expected);
    assertThat(arrives.mark()).isEqualTo(expected ? 9 : 0);
    assertThat(expectations.fulfilledBy(arrives).exists()).isEqualTo(expected);
    assertThat(expectations.waiting()).hasSize(expected ? 0 : 1);
  }

  @Test
  void whatWasNotFulfilledInFiveMinutesIsOver() {
    Expectation announced = of(master("10.0.1.5", 0, "ftp"), 5000);
    expectations.add(announced);
    clock.advanceTo(299_000_000_000L);
    assertThat(expectations.remainingSeconds(announced)).isEqualTo(1);
    assertThat(expectations.remainingSeconds(of(master("10.0.1.6", 0, "ftp"), 5001))).isZero();
    clock.advanceTo(300_000_000_000L);
    Connection late = connection(IpProtocol.TCP, SERVER, CLIENT, 5000, 0);
    expectations.fulfil(late);
    assertThat(late.hasAny(ConnectionStatus.EXPECTED)).isFalse();
    assertThat(expectations.add(of(master("10.0.1.6", 0, "ftp"), 5000)))
        .as("nobody waits for it any more")
        .isTrue();
  }

  @Test
  void whoseMasterEndedIsNotWaitedFor() {
    Connection first = master("10.0.1.5", 0, "ftp");
    Connection second = master("10.0.1.6", 0, "ftp");
    expectations.add(of(first, 5000));
    expectations.add(of(second, 5001));
    expectations.removed(first);
    assertThat(expectations.waiting())
        .extracting(Expectation::destinationPort)
        .containsExactly(5001);
  }

  /** A helper is known by its name for its protocol alone. */
  @Test
  void aHelperReadsConnectionsOfItsProtocol() {
    assertThat(expectations.helperOf(master("10.0.1.5", 0, "ftp"))).isPresent();
    assertThat(expectations.helperOf(master("10.0.1.5", 0, "tftp"))).isEmpty();
    Connection datagrams = connection(IpProtocol.UDP, CLIENT, SERVER, 21, 0);
    datagrams.helper("ftp");
    assertThat(expectations.helperOf(datagrams)).isEmpty();
  }
}
