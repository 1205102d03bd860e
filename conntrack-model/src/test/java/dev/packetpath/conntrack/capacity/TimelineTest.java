package dev.packetpath.conntrack.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.capacity.Timeline.Hold;
import dev.packetpath.conntrack.capacity.Timeline.Segment;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lives of entries, by the packets of their connection and the kernel's timeouts. */
final class TimelineTest {
  private static final long SECOND = VirtualClock.NS_PER_SECOND;
  private static final int NONE = Timeline.NO_STEP;

  private static Timeline of(ConnectionProfile profile, int first) {
    return ProfileTimelines.record(profile, ConntrackSettings.DEFAULTS).of(first);
  }

  private static EntryState udp(boolean replied) {
    return new EntryState(IpProtocol.UDP, "", replied, false);
  }

  /** 30 s from the last packet on; whose entry was dropped goes on with the answer. */
  @Test
  void anExchangeLastsThirtySecondsAfterItsAnswer() {
    ConnectionProfile exchange =
        ConnectionProfile.builder("dns", IpProtocol.UDP)
            .client(0, 0, 1)
            .server(SECOND, 0, 1)
            .build();
    assertThat(of(exchange, 0).segments())
        .containsExactly(
            new Segment(udp(false), Hold.UNASSURED, SECOND, 30 * SECOND, false, 1, 0, 1, 0),
            new Segment(
                udp(true), Hold.UNASSURED, 30 * SECOND, 30 * SECOND, true, NONE, 0, NONE, 0));
    assertThat(of(exchange, 1).segments())
        .as("the answer alone begins an entry")
        .containsExactly(
            new Segment(
                udp(false), Hold.UNASSURED, 30 * SECOND, 30 * SECOND, true, NONE, 0, NONE, 0));
  }

  @Test
  void anEntryThatExpiresIsFollowedByTheNextPacketsOwn() {
    ConnectionProfile silent =
        ConnectionProfile.builder("silent", IpProtocol.UDP)
            .client(0, 0, 1)
            .client(70 * SECOND, 0, 1)
            .build();
    assertThat(of(silent, 0).segments())
        .containsExactly(
            new Segment(
                udp(false),
                Hold.UNASSURED,
                30 * SECOND,
                30 * SECOND,
                true,
                1,
                40 * SECOND,
                1,
                40 * SECOND));
    ProfileTimelines lives = ProfileTimelines.record(silent, ConntrackSettings.DEFAULTS);
    assertThat(lives.firstFrom(0)).isZero();
    assertThat(lives.firstFrom(1)).isEqualTo(1);
    assertThat(lives.firstFrom(2)).isEqualTo(NONE);
    assertThat(lives.between(0, 1)).isEqualTo(70 * SECOND);
  }

  /** The RST before any reply ends the entry; whatever comes then begins another one. */
  @Test
  void aPacketThatEndsItsEntryIsTheLastItSees() {
    ConnectionProfile refused =
        ConnectionProfile.builder("refused", IpProtocol.TCP)
            .client(0, TcpFlags.SYN, 0)
            .server(SECOND, TcpFlags.RST | TcpFlags.ACK, 0)
            .client(2 * SECOND, TcpFlags.SYN, 0)
            .build();
    EntryState opening = new EntryState(IpProtocol.TCP, "SYN_SENT", false, false);
    assertThat(of(refused, 0).segments())
        .containsExactly(
            new Segment(opening, Hold.UNASSURED, SECOND, 120 * SECOND, true, 1, 0, 2, 2 * SECOND));
    assertThat(of(refused, 1).makesEntry()).as("a RST begins nothing").isFalse();
    assertThat(ProfileTimelines.record(refused, ConntrackSettings.DEFAULTS).firstFrom(1))
        .isEqualTo(2);
  }

  @Test
  void aTcpConnectionIsSafeWhileItIsOpen() {
    List<Segment> life = of(ConnectionProfile.tcp(SECOND, 5 * SECOND), 0).segments();
    assertThat(life).extracting(Segment::hold).startsWith(Hold.UNASSURED, Hold.UNASSURED);
    assertThat(life).extracting(Segment::hold).contains(Hold.SAFE).endsWith(Hold.CLOSING);
    assertThat(life.get(life.size() - 1).state())
        .isEqualTo(new EntryState(IpProtocol.TCP, "TIME_WAIT", true, true));
    for (Segment segment : life) {
      Hold hold =
          segment.state().assured()
              ? segment.state().state().equals("ESTABLISHED") ? Hold.SAFE : Hold.CLOSING
              : Hold.UNASSURED;
      assertThat(segment.hold()).as(segment.toString()).isEqualTo(hold);
    }
  }

  @Test
  void statesAreNamedAsConntrackListsThem() {
    assertThat(new EntryState(IpProtocol.TCP, "TIME_WAIT", true, true))
        .hasToString("tcp TIME_WAIT [ASSURED]");
    assertThat(udp(false)).hasToString("udp [UNREPLIED]");
    assertThat(new EntryState(IpProtocol.ICMP, "", true, false)).hasToString("icmp");
    assertThat(new EntryState(IpProtocol.GRE, "", true, false)).hasToString("protocol 47");
  }

  @Test
  void statesAreOrderedByProtocolAndName() {
    EntryState tcp = new EntryState(IpProtocol.TCP, "CLOSE", true, true);
    EntryState later = new EntryState(IpProtocol.TCP, "SYN_SENT", false, false);
    assertThat(List.of(udp(true), later, udp(false), tcp).stream().sorted())
        .containsExactly(tcp, later, udp(false), udp(true));
  }

  @Test
  void lossesOfOneHoldMultiply() {
    Survival survival = new Survival();
    survival.lose(Hold.UNASSURED, 100, 25);
    survival.lose(Hold.UNASSURED, 60, 30);
    assertThat(survival.of(Hold.UNASSURED)).isEqualTo(0.375, within(1e-12));
    assertThat(survival.of(Hold.CLOSING)).isEqualTo(1);
    survival.lose(Hold.CLOSING, 0, 5);
    survival.lose(Hold.SAFE, 5, 0);
    assertThat(survival.of(Hold.CLOSING)).isEqualTo(1);
    assertThat(survival.of(Hold.SAFE)).isEqualTo(1);
    survival.lose(Hold.CLOSING, 5, 5);
    assertThat(survival.of(Hold.CLOSING)).as("small, not nothing").isEqualTo(1e-9, within(1e-15));
    for (int i = 0; i < 12; i++) {
      survival.lose(Hold.CLOSING, 5, 5);
    }
    survival.rescale(List.of());
    assertThat(survival.of(Hold.CLOSING)).isEqualTo(1);
    assertThat(survival.of(Hold.UNASSURED)).isEqualTo(0.375, within(1e-12));
  }
}
