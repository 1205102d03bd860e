package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookRegistration;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Packets of known connections cost no garbage. */
class EstablishedPacketTest {
  private static final int PACKETS = 2_000;

  /** What the measuring itself allocates, far below one object a packet. */
  private static final long ALLOWED_BYTES = 4 * PACKETS;

  private final Router router = new Router().dnat("10.244.1.2", 0).masquerade(NatRange.ANY);
  private final HookRegistration[] prerouting = functions(Hook.PREROUTING);
  private final HookRegistration[] postrouting = functions(Hook.POSTROUTING);
  private final HookState in = new HookState(Hook.PREROUTING, Router.ETH0, Device.NONE);
  private final HookState out = new HookState(Hook.POSTROUTING, Router.ETH0, Router.ETH1);
  private final HookState backIn = new HookState(Hook.PREROUTING, Router.ETH1, Device.NONE);
  private final HookState backOut = new HookState(Hook.POSTROUTING, Router.ETH1, Router.ETH0);

  private HookRegistration[] functions(Hook hook) {
    List<HookRegistration> registered = router.host.hooks().at(IpFamily.IPV4, hook);
    return registered.toArray(HookRegistration[]::new);
  }

  private static void through(HookRegistration[] functions, Packet packet, HookState state) {
    for (HookRegistration registration : functions) {
      assertVerdict(registration.function().run(packet, state));
    }
  }

  private static void assertVerdict(Verdict verdict) {
    if (verdict != Verdict.ACCEPT) {
      throw new AssertionError(verdict);
    }
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  private void run(Packet packet, Packet like, HookState first, HookState second, int times) {
    for (int i = 0; i < times; i++) {
      packet.clearAttachments();
      packet.source(like.sourceHigh(), like.sourceLow());
      packet.destination(like.destinationHigh(), like.destinationLow());
      if (like.isIcmp()) {
        packet.icmpId(like.icmpId());
      } else {
        packet.sourcePort(like.sourcePort()).destinationPort(like.destinationPort());
      }
      through(prerouting, packet, first);
      through(postrouting, packet, second);
    }
  }

  private void assertAllocatesNothing(Packet like, HookState first, HookState second) {
    Packet packet = like.copy();
    run(packet, like, first, second, 10);
    long before = allocated();
    run(packet, like, first, second, PACKETS);
    assertThat(allocated() - before).isLessThan(ALLOWED_BYTES);
    assertThat(PacketConnection.connectionOf(packet).exists()).isTrue();
  }

  @Test
  void translatedTcpAllocatesNothing() {
    router.fromEth0(Router.tcp("10.0.1.5", 1000, "10.96.0.1", 80, "S"));
    router.fromEth1(Router.tcp("10.244.1.2", 80, "10.0.2.1", 1000, "SA").tcpAcknowledgment(1));
    Packet there =
        Router.tcp("10.0.1.5", 1000, "10.96.0.1", 80, "A").tcpSequence(1).tcpAcknowledgment(1);
    Packet back =
        Router.tcp("10.244.1.2", 80, "10.0.2.1", 1000, "A").tcpSequence(1).tcpAcknowledgment(1);
    assertAllocatesNothing(there, in, out);
    assertAllocatesNothing(back, backIn, backOut);
    assertThat(router.only().stateName()).isEqualTo("ESTABLISHED");
    assertThat(router.only().packets(Direction.ORIGINAL)).isEqualTo(1 + 10 + PACKETS);
  }

  @Test
  void translatedUdpAndPingAllocateNothing() {
    router.fromEth0(Router.udp("10.0.1.5", 1000, "10.96.0.1", 53));
    assertAllocatesNothing(Router.udp("10.0.1.5", 1000, "10.96.0.1", 53), in, out);
    assertAllocatesNothing(Router.udp("10.244.1.2", 53, "10.0.2.1", 1000), backIn, backOut);
    router.conntrack.flush();
    router.fromEth0(Router.icmp("10.0.1.5", "10.96.0.1", 8, 7));
    assertAllocatesNothing(Router.icmp("10.0.1.5", "10.96.0.1", 8, 7), in, out);
  }
}
