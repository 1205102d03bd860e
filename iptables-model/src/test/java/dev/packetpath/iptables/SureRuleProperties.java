package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A rule of which an index is sure is the first that its walk finds. */
final class SureRuleProperties {
  private static final IndexLimits ALWAYS = new IndexLimits(1, 0, 0, 4, 0, 100);
  private static final HookState STATE =
      new HookState(Hook.PREROUTING, Device.ethernet("eth0", 2), Device.NONE);
  private static final int[] PROTOCOLS = {IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP};

  @Property(tries = 300)
  void theWalkFindsTheSameFirst(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    IpFamily family = IpFamily.values()[random.nextInt(2)];
    TableProgram program =
        TableProgram.compile(
            family, ServiceChains.parse(family, rules(random, family)).tables().get(0), ALWAYS);
    ChainIndex index = program.indexes()[program.chain("PREROUTING")];
    DeviceViews devices = new DeviceViews(program.devices());
    IndexCursors cursors = new IndexCursors();
    for (int i = 0; i < 100; i++) {
      Packet packet = packet(random, family);
      int sure = index.sure(cursors, packet);
      int matchCalls = cursors.matchCalls;
      assertThat(cursors.top).isZero();
      if (sure != ChainIndex.NOT_SURE) {
        assertThat(matchCalls).isNotNegative();
        int walk = index.start(cursors, packet, STATE, devices);
        assertThat(cursors.first).isEqualTo(sure);
        assertThat(cursors.matchCalls).isEqualTo(matchCalls);
        assertThat(index.callsPassedOver(cursors, walk, sure)).isZero();
        cursors.top = walk;
      }
    }
  }

  private static String rules(SplittableRandom random, IpFamily family) {
    StringBuilder text = new StringBuilder("*nat\n:PREROUTING ACCEPT [0:0]\n:CALLED - [0:0]\n");
    boolean isPlain = random.nextInt(3) > 0;
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      text.append("-A PREROUTING");
      if (random.nextInt(5) == 0) {
        text.append(" -m mark --mark 1 -j CALLED\n");
        continue;
      }
      if (random.nextInt(20) > 0) {
        text.append(isPlain || random.nextInt(4) > 0 ? " -d " : " ! -d ");
        text.append(address(random, family));
      }
      if (!isPlain && random.nextInt(4) == 0) {
        text.append(random.nextBoolean() ? " -i eth+" : " ! -i eth0");
      }
      text.append(!isPlain && random.nextInt(6) == 0 ? " -p udp -m udp" : " -p tcp -m tcp");
      if (random.nextInt(4) > 0) {
        text.append(" --dport ").append(80 + random.nextInt(3));
      }
      if (random.nextInt(4) == 0) {
        text.append(" -m mark --mark 1");
      }
      text.append(random.nextInt(4) > 0 ? " -j CALLED\n" : " -j RETURN\n");
    }
    if (random.nextBoolean()) {
      text.append("-A PREROUTING -m addrtype --dst-type LOCAL -j CALLED\n");
    }
    return text.append("COMMIT\n").toString();
  }

  private static Packet packet(SplittableRandom random, IpFamily family) {
    return new Packet()
        .addresses(
            IpAddress.parse(address(random, family)), IpAddress.parse(address(random, family)))
        .protocol(PROTOCOLS[random.nextInt(PROTOCOLS.length)])
        .ports(1_024, 80 + random.nextInt(3))
        .fragmentOffset(random.nextInt(20) == 0 ? 1 : 0)
        .transportTruncated(random.nextInt(20) == 0);
  }

  private static String address(SplittableRandom random, IpFamily family) {
    return (family == IpFamily.IPV4 ? "10.0.0." : "fd00::") + (1 + random.nextInt(4));
  }
}
