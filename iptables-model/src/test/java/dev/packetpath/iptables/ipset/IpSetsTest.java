package dev.packetpath.iptables.ipset;

import static dev.packetpath.iptables.ipset.SetLab.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** What commands do; each text was seen in ipset 7.17. */
class IpSetsTest {
  @Test
  void whatIsCreatedPrintsWithItsDefaults() {
    SetLab lab =
        new SetLab(
            "# made by hand",
            "",
            "create n hash:ip forceadd hashsize 100 maxelem 10 bucketsize 5 initval 0x1234",
            "create m hash:ip family inet6 netmask 64 timeout 30 counters comment skbinfo",
            "create q hash:ip,port netmask 24",
            "create l list:set size 3",
            "create b bitmap:ip range 10.0.0.3-10.0.0.17 netmask 30",
            "-N p portmap range 90-80",
            "create o nethash -exist",
            "COMMIT");
    assertThat(lab.save().lines())
        .containsExactly(
            "create n hash:ip family inet hashsize 128 maxelem 10 forceadd bucketsize 6"
                + " initval 0x00001234",
            "create m hash:ip family inet6 hashsize 1024 maxelem 65536 netmask 64 timeout 30"
                + " counters comment skbinfo bucketsize 12",
            "create q hash:ip,port family inet hashsize 1024 maxelem 65536 bucketsize 12"
                + " netmask 24",
            "create b bitmap:ip range 10.0.0.0-10.0.0.19 netmask 30",
            "create p bitmap:port range 80-90",
            "create o hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12",
            "create l list:set size 4");
  }

  @Test
  void rangesBecomeSingleElementsOrTheFewestNetworks() {
    SetLab lab =
        new SetLab(
            "create i hash:ip",
            "add i 10.0.0.5-10.0.0.3",
            "create m hash:ip netmask 24",
            "add m 10.0.1.0-10.0.3.9",
            "create n hash:net",
            "add n 10.7.0.1-10.7.2.2",
            "create x hash:ip,port",
            "add x 10.0.0.0/31,udp:53-54",
            "create v hash:ip,port netmask 30",
            "add v 10.0.0.3-10.0.0.5,9",
            "create w hash:ip,port netmask 29",
            "add w 10.0.0.12/31,9",
            "create y hash:net,port",
            "add y 10.0.0.4-10.0.0.6,9",
            "create z hash:ip,port,net",
            "add z 10.0.0.1,80,10.0.0.0-10.0.0.2 nomatch",
            "create p bitmap:port range 0-99",
            "add p 12-10");
    assertThat(lab.elements())
        .containsExactly(
            "add i 10.0.0.3",
            "add i 10.0.0.4",
            "add i 10.0.0.5",
            "add m 10.0.1.0",
            "add m 10.0.2.0",
            "add m 10.0.3.0",
            "add n 10.7.0.1",
            "add n 10.7.0.2/31",
            "add n 10.7.0.4/30",
            "add n 10.7.0.8/29",
            "add n 10.7.0.16/28",
            "add n 10.7.0.32/27",
            "add n 10.7.0.64/26",
            "add n 10.7.0.128/25",
            "add n 10.7.1.0/24",
            "add n 10.7.2.0/31",
            "add n 10.7.2.2",
            "add x 10.0.0.0,udp:53",
            "add x 10.0.0.0,udp:54",
            "add x 10.0.0.1,udp:53",
            "add x 10.0.0.1,udp:54",
            "add v 10.0.0.0,tcp:9",
            "add v 10.0.0.1,tcp:9",
            "add v 10.0.0.2,tcp:9",
            "add v 10.0.0.3,tcp:9",
            "add v 10.0.0.4,tcp:9",
            "add v 10.0.0.5,tcp:9",
            "add w 10.0.0.8,tcp:9",
            "add w 10.0.0.9,tcp:9",
            "add y 10.0.0.4/31,tcp:9",
            "add y 10.0.0.6,tcp:9",
            "add z 10.0.0.1,tcp:80,10.0.0.0/31 nomatch",
            "add z 10.0.0.1,tcp:80,10.0.0.2 nomatch",
            "add p 10",
            "add p 11",
            "add p 12");
  }

  @Test
  void portsPrintWithProtocolAndMessagesByName() {
    SetLab lab =
        new SetLab(
            "create s hash:ip,port",
            "add s 10.0.0.1,http",
            "add s 10.0.0.1,icmp:8/0",
            "add s 10.0.0.1,1:77/3",
            "add s 10.0.0.1,112:0",
            "add s 10.0.0.1,200:0",
            "create t hash:ip,port family inet6",
            "add t [fe80::1],icmpv6:135/0");
    assertThat(lab.elements())
        .containsExactly(
            "add s 10.0.0.1,tcp:80",
            "add s 10.0.0.1,icmp:echo-request",
            "add s 10.0.0.1,icmp:77/3",
            "add s 10.0.0.1,vrrp:0",
            "add s 10.0.0.1,200:0",
            "add t fe80::1,ipv6-icmp:neighbour-solicitation");
  }

  @Test
  void whatWasAddedBeforeAFailureStays() {
    SetLab lab = new SetLab("create s hash:ip", "add s 10.0.0.3");
    assertThatThrownBy(() -> lab.restore("add s 10.0.0.1-10.0.0.9"))
        .hasMessageContaining("it's already added");
    assertThat(lab.elements())
        .containsExactly("add s 10.0.0.3", "add s 10.0.0.1", "add s 10.0.0.2");
  }

  @Test
  void existOverwritesWhatAnElementSays() {
    SetLab lab =
        new SetLab(
            "create s hash:net comment counters timeout 9",
            "add s 10.0.0.0/24 nomatch comment \"a b\" packets 3 bytes 4 timeout 5",
            "add -exist s 10.0.0.0/24",
            "del s 10.9.0.0/24 -exist");
    assertThat(lab.elements()).containsExactly("add s 10.0.0.0/24 timeout 9 packets 3 bytes 4");
  }

  @Test
  void existAcceptsTheSameSetAndNoOther() {
    SetLab lab = new SetLab("create s hash:ip", "create s hash:ip hashsize 64 -exist");
    for (String other : new String[] {"hash:net", "hash:ip timeout 3", "hash:ip maxelem 9"}) {
      assertThatThrownBy(() -> lab.restore("create -exist s " + other))
          .hasMessageContaining("set with the same name already exists");
    }
  }

  @Test
  void aSetThatIsReferredToIsNeitherDestroyedNorRenamed() {
    SetLab lab = new SetLab("create a hash:ip", "create b hash:ip", "create l list:set", "add l a");
    assertThatThrownBy(() -> lab.restore("destroy a")).hasMessageContaining("in use");
    assertThatThrownBy(() -> lab.restore("destroy")).hasMessageContaining("in use");
    SetReference rule = lab.sets.reference("b");
    assertThatThrownBy(() -> lab.restore("rename b c")).hasMessageContaining("in use");
    rule.release();
    rule.release();
    lab.restore("rename b c", "del l a", "destroy a", "destroy");
    assertThat(lab.sets.names()).isEmpty();
  }

  @Test
  void aRuleFollowsTheNameWhenSetsAreSwapped() {
    SetLab lab =
        new SetLab("create a hash:ip", "create b bitmap:ip range 1.0.0.0/24", "add a 1.1.1.1");
    SetReference rule = lab.sets.reference("a");
    assertThat(
            rule.test(
                tcp("1.1.1.1", "1.0.0.9"), SetLab.STATE, SetDimensions.SOURCE, TestOptions.DEFAULT))
        .isTrue();
    lab.restore("swap a b", "add a 1.0.0.9");
    assertThat(rule.spec().type()).isEqualTo(SetType.BITMAP_IP);
    assertThat(
            rule.test(
                tcp("1.1.1.1", "1.0.0.9"), SetLab.STATE, SetDimensions.SOURCE, TestOptions.DEFAULT))
        .isFalse();
    assertThat(
            rule.test(
                tcp("1.1.1.1", "1.0.0.9"),
                SetLab.STATE,
                SetDimensions.DESTINATION,
                TestOptions.DEFAULT))
        .isTrue();
    assertThatThrownBy(() -> lab.restore("create n hash:net", "swap a n"))
        .hasMessageContaining("their type does not match");
  }

  @Test
  void theUserAsksForAHostInAllNetworksAndForANetworkAlone() {
    SetLab lab =
        new SetLab(
            "create s hash:net",
            "add s 10.0.0.0/8",
            "add s 10.9.0.0/16 nomatch",
            "create w hash:net,iface",
            "add w 10.0.0.0/8,eth wildcard");
    assertThat(ask(lab, "s", "10.1.1.1")).isTrue();
    assertThat(ask(lab, "s", "10.9.1.1")).isFalse();
    assertThat(ask(lab, "s", "10.0.0.0/24")).isFalse();
    assertThat(ask(lab, "s", "10.0.0.0/8")).isTrue();
    assertThat(ask(lab, "w", "10.0.0.1,eth5")).isTrue();
    assertThat(lab.lookups() + lab.probes()).isZero();
  }

  private static boolean ask(SetLab lab, String set, String element) {
    boolean[] answer = {false};
    IpsetReader reader = new IpsetReader("test", false);
    reader.know(lab.sets.spec(set));
    try {
      reader.read(
          new StringReader("test " + set + " " + element),
          command -> answer[0] = lab.sets.test(set, ((IpsetCommand.Test) command).entry()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return answer[0];
  }

  @Test
  void whoAsksForAnExceptionGetsNoOtherElement() {
    SetLab lab = new SetLab("create s hash:net", "add s 10.0.0.0/24", "add s 10.0.0.8/29 nomatch");
    assertThat(ask(lab, "s", "10.0.0.8 nomatch")).isTrue();
    assertThat(ask(lab, "s", "10.0.0.8")).isFalse();
    assertThat(ask(lab, "s", "10.0.0.1 nomatch")).isFalse();
    assertThat(ask(lab, "s", "10.0.0.0/24 nomatch")).isFalse();
  }

  @Test
  void whatASetCannotHoldIsNotInIt() {
    SetLab lab =
        new SetLab(
            "create i hash:ip",
            "add i 10.0.0.4",
            "create b bitmap:port range 5-80",
            "create n hash:net",
            "create p hash:ip,port",
            "create l list:set");
    assertThat(ask(lab, "i", "0.0.0.0")).isFalse();
    assertThat(ask(lab, "i", "10.0.0.4-10.0.0.9")).isTrue();
    assertThat(ask(lab, "b", "9000")).isFalse();
    assertThat(ask(lab, "n", "0.0.0.0/0")).isFalse();
    assertThat(ask(lab, "p", "0.0.0.0,tcp:1")).isFalse();
    assertThat(ask(lab, "p", "1.1.1.1,0:0")).isFalse();
    assertThat(ask(lab, "l", "nobody")).isFalse();
    assertThat(ask(lab, "l", "l")).isFalse();
    assertThat(ask(lab, "l", "i before nobody")).isFalse();
  }

  @Test
  void theAnswerNoEndsATextOfCommands() {
    SetLab lab = new SetLab("create s hash:ip", "add s 1.1.1.1");
    lab.restore("test s 1.1.1.1");
    assertThatThrownBy(() -> lab.restore("test s 2.2.2.2", "add s 3.3.3.3"))
        .hasMessageContaining("1:8: found \"2.2.2.2\" (Element is NOT in set)");
    assertThat(lab.elements()).containsExactly("add s 1.1.1.1");
  }

  @Test
  void aListKeepsItsOrder() {
    SetLab lab =
        new SetLab(
            "create a hash:ip",
            "create b hash:ip",
            "create c hash:ip",
            "create l list:set",
            "add l a",
            "add l b before a",
            "add l c after b");
    assertThat(lab.elements()).containsExactly("add l b", "add l c", "add l a");
    assertThatThrownBy(() -> lab.restore("del l a before c")).hasMessageContaining("not added");
    lab.restore("del l a after c");
    assertThat(lab.elements()).containsExactly("add l b", "add l c");
  }
}
