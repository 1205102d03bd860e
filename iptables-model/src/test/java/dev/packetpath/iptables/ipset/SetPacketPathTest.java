package dev.packetpath.iptables.ipset;

import static dev.packetpath.iptables.ipset.SetLab.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

/** Counters, timeouts and the SET target; the values were seen on Linux 6.18. */
class SetPacketPathTest {
  private static final Packet UDP =
      tcp("127.0.0.1", 40000, "127.0.0.1", 5353).protocol(IpProtocol.UDP).payloadLength(10);

  private static TestOptions packets(CounterTest.Operator operator, long value) {
    return new TestOptions(false, true, true, new CounterTest(operator, value), CounterTest.NONE);
  }

  @Test
  void aHitIsCountedBeforeTheCountersAreCompared() {
    SetLab lab = new SetLab("create s hash:ip counters", "add s 127.0.0.1");
    assertThat(lab.test("s", UDP, "dst", packets(CounterTest.Operator.EQ, 1))).isTrue();
    assertThat(lab.test("s", UDP, "dst", packets(CounterTest.Operator.EQ, 1))).isFalse();
    TestOptions silent =
        new TestOptions(
            false, false, true, new CounterTest(CounterTest.Operator.EQ, 2), CounterTest.NONE);
    assertThat(lab.test("s", UDP, "dst", silent)).isTrue();
    TestOptions both =
        new TestOptions(
            false,
            true,
            true,
            new CounterTest(CounterTest.Operator.LT, 4),
            new CounterTest(CounterTest.Operator.GT, 100));
    assertThat(lab.test("s", UDP, "dst", both)).isTrue();
    assertThat(lab.elements()).containsExactly("add s 127.0.0.1 packets 3 bytes 114");
  }

  @Test
  void comparisonsMeanNothingToASetWithoutCounters() {
    SetLab lab = new SetLab("create s hash:ip", "add s 127.0.0.1");
    assertThat(lab.test("s", UDP, "dst", packets(CounterTest.Operator.EQ, 77))).isTrue();
  }

  @Test
  void aNetworkWhoseCountersDoNotHoldLetsLargerOnesBeTried() {
    SetLab lab =
        new SetLab("create s hash:net counters", "add s 127.0.0.0/8", "add s 127.0.0.0/16 nomatch");
    assertThat(lab.test("s", UDP, "dst")).isFalse();
    assertThat(lab.test("s", UDP, "dst", packets(CounterTest.Operator.EQ, 77))).isFalse();
    assertThat(lab.elements())
        .containsExactly(
            "add s 127.0.0.0/8 packets 1 bytes 38",
            "add s 127.0.0.0/16 nomatch packets 2 bytes 76");
  }

  @Test
  void aListCountsApartFromItsMembers() {
    SetLab lab =
        new SetLab(
            "create a hash:ip counters",
            "add a 127.0.0.1",
            "create l list:set counters",
            "add l a");
    assertThat(lab.test("l", UDP, "dst", packets(CounterTest.Operator.GT, 0))).isTrue();
    TestOptions noSub = new TestOptions(false, true, false, CounterTest.NONE, CounterTest.NONE);
    assertThat(lab.test("l", UDP, "dst", noSub)).isTrue();
    TestOptions none = new TestOptions(false, false, true, CounterTest.NONE, CounterTest.NONE);
    assertThat(lab.test("l", UDP, "dst", none)).isTrue();
    assertThat(lab.elements())
        .containsExactly("add a 127.0.0.1 packets 1 bytes 38", "add l a packets 2 bytes 76");
  }

  @Test
  void anElementLeavesAfterItsTimeAndShowsWholeSecondsBefore() {
    SetLab lab =
        new SetLab("create s hash:ip timeout 2", "add s 127.0.0.1", "add s 1.1.1.1 timeout 0");
    lab.clock.advanceTo(1_500_000_000L);
    assertThat(lab.elements())
        .containsExactly("add s 127.0.0.1 timeout 1", "add s 1.1.1.1 timeout 0");
    lab.clock.advanceTo(2 * VirtualClock.NS_PER_SECOND);
    assertThat(lab.test("s", UDP, "dst")).isTrue();
    lab.clock.advanceTo(2 * VirtualClock.NS_PER_SECOND + 1);
    assertThat(lab.test("s", UDP, "dst")).isFalse();
    assertThat(lab.elements()).containsExactly("add s 1.1.1.1 timeout 0");
    lab.restore("add s 127.0.0.1 timeout 9");
    assertThat(lab.test("s", UDP, "dst")).isTrue();
  }

  @Test
  void theTargetAddsWithOnePacketAndTheTimeoutAsked() {
    SetLab lab = new SetLab("create s hash:ip counters timeout 100 comment");
    SetReference set = lab.sets.reference("s");
    assertThat(set.add(UDP, SetLab.STATE, SetDimensions.DESTINATION, PacketAdd.DEFAULT)).isTrue();
    assertThat(lab.elements()).containsExactly("add s 127.0.0.1 timeout 100 packets 1 bytes 38");
    assertThat(set.add(UDP, SetLab.STATE, SetDimensions.DESTINATION, PacketAdd.DEFAULT)).isFalse();
    PacketAdd again = new PacketAdd(true, 7);
    assertThat(set.add(UDP, SetLab.STATE, SetDimensions.DESTINATION, again)).isTrue();
    assertThat(lab.elements()).containsExactly("add s 127.0.0.1 timeout 7 packets 1 bytes 38");
    assertThat(set.delete(UDP, SetLab.STATE, SetDimensions.DESTINATION)).isTrue();
    assertThat(lab.elements()).isEmpty();
  }

  @Test
  void theTargetAddsTheLongestNetworkThatTheSetHas() {
    SetLab lab =
        new SetLab(
            "create n hash:net",
            "add n 10.0.0.0/24",
            "add n 10.9.0.0/16",
            "create e hash:net",
            "create p hash:ip,port,net",
            "create i hash:net,iface",
            "create b bitmap:port range 0-65535");
    for (String name : new String[] {"n", "e", "p", "i", "b"}) {
      SetReference set = lab.sets.reference(name);
      SetDimensions dimensions = SetDimensions.parse("dst,dst,src");
      assertThat(set.add(UDP, SetLab.STATE, dimensions, PacketAdd.DEFAULT)).isTrue();
      set.release();
    }
    assertThat(lab.elements())
        .containsExactly(
            "add n 10.0.0.0/24",
            "add n 10.9.0.0/16",
            "add n 127.0.0.0/24",
            "add e 127.0.0.1",
            "add p 127.0.0.1,udp:5353,127.0.0.1",
            "add i 127.0.0.1,eth1",
            "add b 5353");
  }

  @Test
  void aListAddsToTheFirstMemberThatTakesIt() {
    SetLab lab =
        new SetLab(
            "create a hash:ip",
            "add a 127.0.0.1",
            "create b hash:ip",
            "create l list:set",
            "add l a",
            "add l b");
    SetReference list = lab.sets.reference("l");
    assertThat(list.add(UDP, SetLab.STATE, SetDimensions.DESTINATION, PacketAdd.DEFAULT)).isTrue();
    assertThat(lab.elements()).contains("add a 127.0.0.1", "add b 127.0.0.1");
    assertThat(list.delete(UDP, SetLab.STATE, SetDimensions.DESTINATION)).isTrue();
    assertThat(lab.elements()).doesNotContain("add a 127.0.0.1").contains("add b 127.0.0.1");
  }

  @Test
  void aFullSetRefusesUnlessElementsTimedOutOrItForces() {
    SetLab lab =
        new SetLab(
            "create s hash:ip maxelem 1 timeout 1",
            "add s 1.1.1.1",
            "create f hash:ip maxelem 1 forceadd",
            "add f 1.1.1.1",
            "add f 1.1.1.2");
    SetReference set = lab.sets.reference("s");
    assertThat(set.add(UDP, SetLab.STATE, SetDimensions.SOURCE, PacketAdd.DEFAULT)).isFalse();
    lab.clock.advanceTo(VirtualClock.NS_PER_SECOND + 1);
    assertThat(set.add(UDP, SetLab.STATE, SetDimensions.SOURCE, PacketAdd.DEFAULT)).isTrue();
    assertThat(lab.elements()).containsExactly("add s 127.0.0.1 timeout 1", "add f 1.1.1.2");
  }

  @Test
  void mapPutsMarkAndPriorityOfTheElementOnThePacket() {
    SetLab lab =
        new SetLab(
            "create s hash:ip skbinfo", "add s 127.0.0.1 skbmark 0x12/0xff skbprio 1:a skbqueue 2");
    SetReference set = lab.sets.reference("s");
    Packet packet = UDP.copy().mark(0xffff);
    MapOptions options = new MapOptions(true, true, false);
    assertThat(set.map(packet, SetLab.STATE, SetDimensions.DESTINATION, options)).isTrue();
    assertThat(packet.mark()).isEqualTo(0xff12);
    assertThat(packet.priority()).isEqualTo(0x1000a);
    lab.restore("flush s");
    assertThat(set.map(packet, SetLab.STATE, SetDimensions.DESTINATION, options)).isFalse();
  }
}
