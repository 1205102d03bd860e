package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

/** What an index knows of the rules that it finds. */
final class TupleIndexTest {
  private static final IndexLimits ALWAYS = new IndexLimits(1, 0, 0, 16, 0, 100);
  private static final HookState FORWARD =
      new HookState(Hook.FORWARD, Device.ethernet("eth0", 2), Device.ethernet("eth1", 3));

  /** Of which the first is before those of the index. */
  private static final String RULES =
      """
      *mangle
      :FORWARD ACCEPT [0:0]
      :CALLED - [0:0]
      -A FORWARD -d 10.0.0.8 -j ACCEPT
      -A FORWARD -d 10.0.0.1 -p tcp -m comment --comment x -m tcp --dport 80 -j CALLED
      -A FORWARD -d 10.0.0.2 -o eth1 -j ACCEPT
      -A FORWARD -d 10.0.0.3 -j ACCEPT
      -A FORWARD -d 10.0.0.3 -j DROP
      -A FORWARD -d 10.0.0.4 -j RETURN
      -A FORWARD -d 10.0.0.5 -m mark --mark 1 -j ACCEPT
      -A FORWARD -d 10.0.0.5 -m mark --mark 2 -j ACCEPT
      -A FORWARD -d 10.0.0.5 -p tcp -m tcp --dport 80 -j DROP
      COMMIT
      """;

  private final TableProgram program =
      TableProgram.compile(
          IpFamily.IPV4, ServiceChains.parse(IpFamily.IPV4, RULES).tables().get(0), ALWAYS);
  private final int chain = program.chain("FORWARD");
  private final ChainIndex index = program.indexes()[chain];
  private final IndexCursors cursors = new IndexCursors();

  @Test
  void aRuleWithItsPortIsKnownToMatch() {
    assertThat(find(tcp("10.0.0.1"))).isEqualTo(1);
    assertThat(cursors.matchCalls).isEqualTo(2);
    assertThat(outcome(1)).isEqualTo(program.starts()[program.chain("CALLED")]);
    assertThat(OutcomeCode.action(outcome(1))).isEqualTo(RuleCode.JUMP);
  }

  @Test
  void aRuleWithoutAPortIsKnownToMatch() {
    assertThat(find(tcp("10.0.0.4"))).isEqualTo(5);
    assertThat(cursors.matchCalls).isZero();
    assertThat(OutcomeCode.action(outcome(5))).isEqualTo(RuleCode.RETURN);
  }

  @Test
  void packetsWhosePortsCannotBeReadAreTested() {
    assertThat(find(tcp("10.0.0.1").transportTruncated(true))).isEqualTo(1);
    assertThat(cursors.matchCalls).isEqualTo(IndexCursors.TO_BE_TESTED);
    assertThat(find(tcp("10.0.0.1").fragmentOffset(1))).isEqualTo(1);
    assertThat(cursors.matchCalls).isEqualTo(IndexCursors.TO_BE_TESTED);
  }

  @Test
  void rulesOfOneKeyAndOfADeviceAreTested() {
    assertThat(find(tcp("10.0.0.3"))).isEqualTo(3);
    assertThat(cursors.matchCalls).isEqualTo(IndexCursors.TO_BE_TESTED);
    assertThat(find(tcp("10.0.0.2"))).isEqualTo(2);
    assertThat(cursors.matchCalls).isEqualTo(IndexCursors.TO_BE_TESTED);
  }

  @Test
  void whatIsKnownOfALaterRuleIsNotTakenForTheNext() {
    int walk = index.start(cursors, tcp("10.0.0.5"), FORWARD, new DeviceViews(program.devices()));

    assertThat(cursors.first).isEqualTo(6);
    assertThat(index.next(cursors, walk, 0)).isEqualTo(6);
    assertThat(cursors.matchCalls).isEqualTo(IndexCursors.TO_BE_TESTED);
    assertThat(index.next(cursors, walk, 8)).isEqualTo(8);
    assertThat(cursors.matchCalls).isEqualTo(1);
  }

  @Test
  void nothingIsKnownOfTheEndOfAChain() {
    int walk = index.start(cursors, tcp("10.0.0.1"), FORWARD, new DeviceViews(program.devices()));

    assertThat(cursors.first).isEqualTo(1);
    assertThat(index.next(cursors, walk, 0)).isEqualTo(1);
    assertThat(index.next(cursors, walk, 2)).isEqualTo(9);
    assertThat(cursors.matchCalls).isEqualTo(IndexCursors.TO_BE_TESTED);
  }

  @Test
  void withOneGroupARuleIsSureIfNoRuleForAllIsBeforeIt() {
    String rules =
        """
        *nat
        :PREROUTING ACCEPT [0:0]
        :CALLED - [0:0]
        -A PREROUTING -d 10.0.0.8 -p tcp -j ACCEPT
        -A PREROUTING -d 10.0.0.1 -p tcp -m tcp --dport 80 -j CALLED
        -A PREROUTING -d 10.0.0.3 -p tcp -m tcp --dport 80 -j CALLED
        -A PREROUTING -d 10.0.0.3 -p tcp -m tcp --dport 81 -j CALLED
        -A PREROUTING -m addrtype --dst-type LOCAL -j CALLED
        -A PREROUTING -m mark --mark 1 -j CALLED
        -A PREROUTING -d 10.0.0.2 -p tcp -j CALLED
        COMMIT
        """;
    ChainIndex chains = index(rules, "PREROUTING");

    assertThat(chains.sure(cursors, tcp("10.0.0.1"))).isEqualTo(1);
    assertThat(cursors.matchCalls).isEqualTo(1);
    assertThat(chains.sure(cursors, tcp("10.0.0.1").ports(1, 81))).isEqualTo(ChainIndex.NOT_SURE);
    assertThat(chains.sure(cursors, tcp("10.0.0.1").transportTruncated(true)))
        .isEqualTo(ChainIndex.NOT_SURE);
    assertThat(chains.sure(cursors, tcp("10.0.0.1").fragmentOffset(1)))
        .isEqualTo(ChainIndex.NOT_SURE);
    assertThat(chains.sure(cursors, tcp("10.0.0.1").protocol(IpProtocol.UDP)))
        .isEqualTo(ChainIndex.NOT_SURE);
    assertThat(chains.sure(cursors, tcp("10.0.0.2"))).isEqualTo(ChainIndex.NOT_SURE);
    assertThat(chains.sure(cursors, tcp("10.0.0.3"))).isEqualTo(ChainIndex.NOT_SURE);
    assertThat(chains.sure(cursors, tcp("10.0.0.7"))).isEqualTo(ChainIndex.NOT_SURE);
    assertThat(cursors.top).isZero();
  }

  @Test
  void withSeveralGroupsNoRuleIsSure() {
    assertThat(index.sure(cursors, tcp("10.0.0.1"))).isEqualTo(ChainIndex.NOT_SURE);
  }

  private static ChainIndex index(String rules, String chain) {
    TableProgram of =
        TableProgram.compile(
            IpFamily.IPV4, ServiceChains.parse(IpFamily.IPV4, rules).tables().get(0), ALWAYS);
    return of.indexes()[of.chain(chain)];
  }

  /** Returns the first rule that may match. */
  private int find(Packet packet) {
    int walk = index.start(cursors, packet, FORWARD, new DeviceViews(program.devices()));
    int first = cursors.first;
    int matchCalls = cursors.matchCalls;
    assertThat(index.next(cursors, walk, 0)).isEqualTo(first);
    assertThat(cursors.matchCalls).isEqualTo(matchCalls);
    return first;
  }

  private int outcome(int rule) {
    return program.code()[program.starts()[chain] + index.outcome(rule)];
  }

  private static Packet tcp(String destination) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.0.9"), IpAddress.parse(destination))
        .protocol(IpProtocol.TCP)
        .ports(1_024, 80);
  }
}
