package dev.packetpath.iptables.ipset;

import static dev.packetpath.iptables.ipset.SetLab.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

class SetLookupTest {
  private static final TestOptions RETURN_NOMATCH =
      new TestOptions(true, true, true, CounterTest.NONE, CounterTest.NONE);

  @Test
  void hashIpAsksForTheAddressOfTheSideNamed() {
    SetLab lab = new SetLab("create s hash:ip", "add s 10.0.0.1");
    assertThat(lab.test("s", tcp("10.0.0.1", "10.0.0.2"), "src")).isTrue();
    assertThat(lab.test("s", tcp("10.0.0.1", "10.0.0.2"), "dst")).isFalse();
    assertThat(lab.probes()).isEqualTo(1);
    assertThat(lab.test("s", tcp("10.0.0.1", "10.0.0.2"), "src,dst,dst")).isTrue();
  }

  @Test
  void theZeroAddressIsNotEvenLookedUp() {
    SetLab lab = new SetLab("create s hash:ip netmask 24", "add s 10.0.0.9");
    assertThat(lab.test("s", tcp("0.0.0.7", "10.0.0.200"), "src")).isFalse();
    assertThat(lab.probes()).isZero();
    assertThat(lab.test("s", tcp("0.0.0.7", "10.0.0.200"), "dst")).isTrue();
  }

  @Test
  void fewerDimensionsOrAnotherFamilyNeverMatch() {
    SetLab lab =
        new SetLab("create s hash:ip,port", "add s 10.0.0.1,80", "create p bitmap:port range 0-99");
    Packet packet = tcp("10.0.0.2", "10.0.0.1");
    assertThat(lab.test("s", packet, "dst")).isFalse();
    assertThat(lab.lookups()).isEqualTo(1);
    assertThat(lab.probes()).isZero();
    assertThat(lab.test("s", packet, "dst,dst")).isTrue();
    lab.restore("add p 80");
    assertThat(lab.test("s", tcp("fe80::1", "fe80::2"), "dst,dst")).isFalse();
    assertThat(lab.test("p", tcp("fe80::1", "fe80::2"), "dst")).isTrue();
  }

  @Test
  void hashNetTriesEachPrefixLengthPresentLongestFirst() {
    SetLab lab =
        new SetLab("create s hash:net", "add s 10.0.0.0/8", "add s 10.1.0.0/16", "add s 10.2.0.1");
    assertThat(lab.test("s", tcp("10.2.0.1", "10.1.9.9"), "src")).isTrue();
    assertThat(lab.probes()).isEqualTo(1);
    assertThat(lab.test("s", tcp("10.2.0.1", "10.1.9.9"), "dst")).isTrue();
    assertThat(lab.probes()).isEqualTo(2);
    assertThat(lab.test("s", tcp("11.0.0.1", "10.9.9.9"), "dst")).isTrue();
    assertThat(lab.probes()).isEqualTo(3);
    assertThat(lab.test("s", tcp("11.0.0.1", "10.9.9.9"), "src")).isFalse();
    assertThat(lab.probes()).isEqualTo(3);
    lab.restore("del s 10.1.0.0/16");
    assertThat(lab.test("s", tcp("11.0.0.1", "10.9.9.9"), "dst")).isTrue();
    assertThat(lab.probes()).isEqualTo(2);
    lab.restore("flush s");
    assertThat(lab.test("s", tcp("11.0.0.1", "10.9.9.9"), "dst")).isFalse();
    assertThat(lab.probes()).isZero();
  }

  @Test
  void anExceptionEndsTheSearchAndReturnNomatchTurnsItAround() {
    SetLab lab = new SetLab("create s hash:net", "add s 127.0.0.0/8", "add s 127.0.0.1 nomatch");
    Packet inside = tcp("127.0.0.1", "127.0.0.9");
    assertThat(lab.test("s", inside, "src")).isFalse();
    assertThat(lab.test("s", inside, "dst")).isTrue();
    assertThat(lab.test("s", inside, "src", RETURN_NOMATCH)).isTrue();
    assertThat(lab.test("s", inside, "dst", RETURN_NOMATCH)).isFalse();
    assertThat(lab.test("s", tcp("8.8.8.8", "9.9.9.9"), "src", RETURN_NOMATCH)).isFalse();
    lab.restore("create i hash:ip", "add i 127.0.0.1");
    assertThat(lab.test("i", inside, "src", RETURN_NOMATCH)).isTrue();
  }

  @Test
  void theProtocolIsPartOfTheKeyOfHashIpPort() {
    SetLab lab =
        new SetLab(
            "create s hash:ip,port",
            "add s 10.0.0.1,udp:53",
            "add s 10.0.0.1,icmp:echo-request",
            "add s 10.0.0.1,gre:0");
    assertThat(lab.test("s", tcp("10.0.0.2", 1, "10.0.0.1", 53), "dst,dst")).isFalse();
    Packet udp = tcp("10.0.0.2", 1, "10.0.0.1", 53).protocol(IpProtocol.UDP);
    assertThat(lab.test("s", udp, "dst,dst")).isTrue();
    assertThat(lab.test("s", udp, "dst,src")).isFalse();
    Packet icmp = tcp("10.0.0.2", "10.0.0.1").protocol(IpProtocol.ICMP).icmpType(8);
    assertThat(lab.test("s", icmp, "dst,src")).isTrue();
    assertThat(lab.test("s", icmp.icmpType(0), "dst,src")).isFalse();
    assertThat(lab.test("s", tcp("10.0.0.2", "10.0.0.1").protocol(IpProtocol.GRE), "dst,dst"))
        .isTrue();
  }

  @Test
  void aLaterFragmentHasNoPortUnlessItsProtocolHasNone() {
    SetLab lab =
        new SetLab("create s hash:ip,port", "add s 10.0.0.1,tcp:0", "add s 10.0.0.1,esp:0");
    Packet fragment = tcp("10.0.0.2", 0, "10.0.0.1", 0).fragmentOffset(8);
    assertThat(lab.test("s", fragment, "dst,dst")).isFalse();
    assertThat(lab.probes()).isZero();
    assertThat(lab.test("s", fragment.protocol(IpProtocol.ESP), "dst,dst")).isTrue();
    Packet truncated = tcp("10.0.0.2", 0, "10.0.0.1", 0).transportTruncated(true);
    assertThat(lab.test("s", truncated, "dst,dst")).isFalse();
  }

  @Test
  void threePartsComeFromThreeSides() {
    SetLab lab =
        new SetLab(
            "create a hash:ip,port,ip",
            "add a 10.0.0.1,80,10.0.0.1",
            "create b hash:ip,port,net",
            "add b 10.0.0.1,80,10.1.0.0/16",
            "add b 10.0.0.1,80,10.1.2.0/24 nomatch");
    assertThat(lab.test("a", tcp("10.0.0.1", "10.0.0.1"), "dst,dst,src")).isTrue();
    assertThat(lab.test("a", tcp("10.0.0.2", "10.0.0.1"), "dst,dst,src")).isFalse();
    assertThat(lab.test("b", tcp("10.1.9.9", "10.0.0.1"), "dst,dst,src")).isTrue();
    assertThat(lab.probes()).isEqualTo(2);
    assertThat(lab.test("b", tcp("10.1.2.9", "10.0.0.1"), "dst,dst,src")).isFalse();
    assertThat(lab.probes()).isEqualTo(1);
  }

  @Test
  void twoNetworksCostTheProductOfTheirLengths() {
    SetLab lab =
        new SetLab(
            "create s hash:net,net", "add s 10.0.0.0/24,10.1.0.0/16", "add s 10.0.0.1,10.2.0.0/24");
    assertThat(lab.test("s", tcp("10.0.0.9", "10.1.1.1"), "src,dst")).isTrue();
    assertThat(lab.probes()).isEqualTo(4);
  }

  /** Seen on Linux 6.18 and in ip_set_hash_gen.h 6.1: one network met ends the search. */
  @Test
  void aNetworkOfAnotherDeviceHidesLargerOnes() {
    SetLab lab =
        new SetLab(
            "create s hash:net,iface",
            "add s 127.0.0.0/24,eth7",
            "add s 127.0.0.0/8,eth1",
            "add s 10.0.0.0/8,eth wildcard",
            "add s 11.0.0.0/8,physdev:eth1");
    assertThat(lab.test("s", tcp("1.1.1.1", "127.0.0.1"), "dst,dst")).isFalse();
    assertThat(lab.probes()).isEqualTo(1);
    assertThat(lab.test("s", tcp("1.1.1.1", "127.0.1.1"), "dst,dst")).isTrue();
    assertThat(lab.test("s", tcp("1.1.1.1", "127.0.1.1"), "dst,src")).isFalse();
    assertThat(lab.test("s", tcp("1.1.1.1", "10.0.0.1"), "dst,src")).isTrue();
    assertThat(lab.test("s", tcp("1.1.1.1", "11.0.0.1"), "dst,dst")).isFalse();
    HookState local = new HookState(SetLab.STATE.hook(), Device.NONE, SetLab.STATE.out());
    assertThat(
            lab.sets.test(
                "s",
                tcp("1.1.1.1", "10.0.0.1"),
                local,
                SetDimensions.parse("dst,src"),
                TestOptions.DEFAULT))
        .isFalse();
  }

  @Test
  void bitmapsAnswerInTheirRangeOnly() {
    SetLab lab =
        new SetLab(
            "create p bitmap:port range 80-99",
            "add p 80",
            "create i bitmap:ip range 10.0.0.0/24 netmask 28",
            "add i 10.0.0.17");
    Packet packet = tcp("10.0.0.31", "10.0.1.1");
    assertThat(lab.test("p", packet, "dst")).isTrue();
    assertThat(lab.test("p", packet, "src")).isFalse();
    assertThat(lab.probes()).isZero();
    assertThat(lab.test("p", packet.protocol(IpProtocol.SCTP), "dst")).isFalse();
    assertThat(lab.test("p", packet.protocol(IpProtocol.UDP), "dst")).isTrue();
    assertThat(lab.test("i", packet, "src")).isTrue();
    assertThat(lab.probes()).isEqualTo(1);
    assertThat(lab.test("i", packet, "dst")).isFalse();
  }

  @Test
  void aListAsksItsMembersInOrderAndAddsUpTheirWork() {
    SetLab lab =
        new SetLab(
            "create a hash:net",
            "add a 10.0.0.0/8",
            "add a 10.1.0.0/16",
            "create b hash:ip,port",
            "create c hash:ip",
            "add c 11.0.0.1",
            "create l list:set",
            "add l a",
            "add l c",
            "add l b before c");
    assertThat(lab.test("l", tcp("1.1.1.1", "11.0.0.1"), "dst")).isTrue();
    assertThat(lab.lookups()).isEqualTo(4);
    assertThat(lab.probes()).isEqualTo(3);
    assertThat(lab.test("l", tcp("1.1.1.1", "10.1.0.1"), "dst")).isTrue();
    assertThat(lab.lookups()).isEqualTo(2);
    assertThat(lab.probes()).isEqualTo(1);
  }
}
