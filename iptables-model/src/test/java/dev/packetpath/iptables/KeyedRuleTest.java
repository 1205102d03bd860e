package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyedRuleTest {
  private static final int SHAPES = 1 << 22;

  @Test
  void aRuleForOneAddressAndPortIsKnownByThem() {
    int number =
        number(IpFamily.IPV4, "-d 10.0.0.1 -p tcp -m comment --comment x -m tcp --dport 80");

    assertThat(KeyedRule.matchCalls(number, tcp(80))).isEqualTo(2);
    assertThat(KeyedRule.matchCalls(number, tcp(81))).isEqualTo(IndexCursors.TO_BE_TESTED);
  }

  @Test
  void portZeroIsAPort() {
    int number = number(IpFamily.IPV4, "-s 10.0.0.0/8 -p udp -m udp --dport 0");

    assertThat(KeyedRule.matchCalls(number, tcp(0))).isEqualTo(1);
    assertThat(KeyedRule.matchCalls(number, tcp(80))).isEqualTo(IndexCursors.TO_BE_TESTED);
  }

  @Test
  void aRuleThatAsksForNothingElseIsKnownByItsKey() {
    assertThat(KeyedRule.matchCalls(number(IpFamily.IPV4, "-d 10.0.0.0/8"), tcp(80))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-s 10.0.0.2 -d 10.0.0.1",
        "! -d 10.0.0.1",
        "-d 10.0.0.1 ! -p tcp",
        "-d 10.0.0.1 -i eth0",
        "-d 10.0.0.1 -o eth0",
        "-d 10.0.0.1 ! -o eth0",
        "-d 10.0.0.1 -f",
        "-d 10.0.0.1 -p tcp -m tcp --dport 80:81",
        "-d 10.0.0.1 -p tcp -m tcp ! --dport 80",
        "-d 10.0.0.1 -p tcp -m tcp --sport 1 --dport 80",
        "-d 10.0.0.1 -p tcp -m tcp --dport 80 --tcp-flags SYN SYN",
        "-d 10.0.0.1 -p tcp -m tcp --dport 80 --tcp-flags SYN NONE",
        "-d 10.0.0.1 -p tcp -m tcp --dport 80 ! --tcp-flags SYN SYN",
        "-d 10.0.0.1 -p tcp -m tcp --dport 80 -m tcp --dport 81",
        "-d 10.0.0.1 -m statistic --mode random --probability 0.5",
        "-d 10.0.0.1 -m mark --mark 1"
      })
  void aRuleThatAsksForMoreIsToBeTested(String condition) {
    assertThat(number(IpFamily.IPV4, condition)).isEqualTo(KeyedRule.NOT_ONE);
  }

  @Test
  void keysHaveNoRoomForAddressesOfIpv6() {
    assertThat(number(IpFamily.IPV6, "-d fd00::1")).isEqualTo(KeyedRule.NOT_ONE);
    assertThat(number(IpFamily.IPV6, "-d fd00::/8")).isEqualTo(KeyedRule.NOT_ONE);
    assertThat(number(IpFamily.IPV6, "-s fd00::/8")).isEqualTo(KeyedRule.NOT_ONE);
    assertThat(number(IpFamily.IPV6, "-d ::1/::ffff:ffff")).isNotEqualTo(KeyedRule.NOT_ONE);
    assertThat(number(IpFamily.IPV6, "-d ::1/::1:ffff:ffff")).isEqualTo(KeyedRule.NOT_ONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-g CALLED", "-j LOG", "-j MARK --set-mark 1"})
  void anActionWithAnotherArgumentIsReadFromTheRule(String action) {
    Rule rule = rule(IpFamily.IPV4, "-d 10.0.0.1 " + action);

    assertThat(KeyedRule.of(rule, TupleShape.of(rule.header()))).isEqualTo(KeyedRule.NOT_ONE);
  }

  @Property(tries = 1_000)
  void keysThatTellAllAreNeverEqualByChance(
      @ForAll int oneAddress,
      @ForAll int otherAddress,
      @ForAll @IntRange(max = 255) int oneProtocol,
      @ForAll @IntRange(max = 255) int otherProtocol,
      @ForAll @IntRange(min = 1, max = SHAPES - 1) int oneShape,
      @ForAll @IntRange(min = 1, max = SHAPES - 1) int otherShape) {
    boolean equal =
        oneAddress == otherAddress && oneProtocol == otherProtocol && oneShape == otherShape;

    assertThat(
            key(oneShape, oneAddress, oneProtocol) == key(otherShape, otherAddress, otherProtocol))
        .isEqualTo(equal);
    assertThat(key(oneShape, oneAddress, oneProtocol))
        .isNotEqualTo(key(oneShape, oneAddress ^ 1 << (oneProtocol & 31), oneProtocol))
        .isNotEqualTo(key(oneShape, oneAddress, oneProtocol ^ 1 << (oneAddress & 7)))
        .isNotEqualTo(key(oneShape ^ 1 << (oneAddress & 15) + 1, oneAddress, oneProtocol));
  }

  @Test
  void theGreatestProtocolHasRoomBesideTheShape() {
    assertThat(key(2, 1, 255)).isNotEqualTo(key(3, 1, 255));
  }

  private static long key(int shape, int address, int protocol) {
    TupleShape destinationAndProtocol = new TupleShape(0, 0, 0, 0xffff_ffffL, true, false, false);
    return destinationAndProtocol.key(
        shape, 0, 77, 0, Integer.toUnsignedLong(address), protocol, 0, 0);
  }

  private static Packet tcp(int port) {
    return new Packet().protocol(IpProtocol.TCP).ports(1_024, port);
  }

  private static int number(IpFamily family, String condition) {
    Rule rule = rule(family, condition + " -j ACCEPT");
    return KeyedRule.of(rule, TupleShape.of(rule.header()));
  }

  private static Rule rule(IpFamily family, String text) {
    String table =
        """
        *mangle
        :FORWARD ACCEPT [0:0]
        :CALLED - [0:0]
        -A FORWARD %s
        COMMIT
        """;
    Table mangle = ServiceChains.parse(family, table.formatted(text)).tables().get(0);
    return mangle.chains().stream()
        .filter(chain -> chain.name().equals("FORWARD"))
        .findAny()
        .orElseThrow()
        .rules()
        .get(0);
  }
}
