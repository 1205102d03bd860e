package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which walks are kept, and how long new ones are read. */
final class FixedWalksTest {
  private static final Device UPLINK = Device.ethernet("eth0", 2);

  private final WalkTally tally = new WalkTally();
  private FixedWalks walks;
  private int base;

  @BeforeEach
  void load() throws IOException {
    load("-i eth0 -m mark --mark 0x1/0x1");
  }

  private void load(String matches) throws IOException {
    Ruleset rules = FilterLab.filter("-A FORWARD " + matches + " -j DROP");
    TableProgram program =
        TableProgram.compile(IpFamily.IPV4, rules.tables().get(0), IndexLimits.DEFAULT);
    RuleTester tester =
        new RuleTester(false, new SeededDecisions(1), new DeviceViews(program.devices()));
    Verdict[] policies = {Verdict.ACCEPT, Verdict.ACCEPT, Verdict.ACCEPT};
    base = program.chain("FORWARD");
    walks =
        new FixedWalks(
            new FixedWalkReader(program, policies, tester),
            new TableCounters(program.counters(), program.entries()),
            tally,
            new PathRecording(new Work()),
            program.devices().size() > 0);
  }

  private FixedWalk walk(int mark, Device in, Device out) {
    return walks.of(base, new Packet().mark(mark), new HookState(Hook.FORWARD, in, out));
  }

  /** The Pods of a node take turns. */
  @Test
  void walksBetweenOneDeviceAndSeveralAreKeptSideBySide() {
    List<Device> pods =
        IntStream.range(10, 18).mapToObj(i -> Device.ethernet("veth" + i, i)).toList();
    List<FixedWalk> first = pods.stream().map(pod -> walk(0, pod, UPLINK)).toList();
    List<FixedWalk> again = pods.stream().map(pod -> walk(0, pod, UPLINK)).toList();
    assertThat(first).doesNotHaveDuplicates();
    assertThat(again).isEqualTo(first);
  }

  @Test
  void devicesThatNoRuleAsksForShareAWalk() throws IOException {
    load("-m mark --mark 0x1/0x1");
    FixedWalk first = walk(1, Device.ethernet("veth1", 1), UPLINK);
    assertThat(walk(1, Device.ethernet("veth2", 2), UPLINK)).isSameAs(first);
    assertThat(walk(0, Device.ethernet("veth2", 2), UPLINK)).isNotSameAs(first);
  }

  @Test
  void marksThatNeverComeAgainAreReadForAWhileOnly() {
    FixedWalk dropped = walk(1, UPLINK, UPLINK);
    assertThat(dropped.isOpen).isFalse();
    assertThat(dropped.verdict).isEqualTo(Verdict.DROP);
    int read = 1;
    while (!walk(2 * read, UPLINK, UPLINK).isOpen) {
      read++;
      assertThat(read).isLessThan(1 << 15);
    }
    assertThat(walk(-1, UPLINK, UPLINK).isOpen).isTrue();
  }

  @Test
  void tellsOfEachPacketOnceEvenOfWalksThatLostTheirPlace() {
    for (int mark = 0; mark < 1_000; mark++) {
      walks.take(walk(mark, UPLINK, UPLINK), 40);
      walks.take(walk(mark, UPLINK, UPLINK), 40);
    }
    walks.tell();
    walks.tell();
    assertThat(tally.rulesEvaluated).isEqualTo(2_000);
    assertThat(tally.matched).isEqualTo(1_000);
    assertThat(tally.policies).isEqualTo(1_000);
  }
}
