package dev.packetpath.conntrack;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Fragments;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Reassembly;

/**
 * Keeps fragments until their packet is complete, which then goes on as one
 * (net/ipv4/netfilter/nf_defrag_ipv4.c, net/ipv6/netfilter/nf_conntrack_reasm.c, Linux 6.1).
 */
final class Defragmentation {
  /** Of UDP, and of ICMPv6. */
  private static final int SHORT_HEADER_BYTES = 8;

  private final Work work;
  private final Trace trace;
  private final PathRecording recording;
  private final Reassembly reassembly;

  Defragmentation(Host host, ConntrackSettings settings) {
    this.work = host.work();
    this.trace = host.trace();
    this.recording = host.recording();
    this.reassembly =
        new Reassembly(
            host.clock(),
            settings.seconds(Timeout.FRAGMENTS_V4) * VirtualClock.NS_PER_SECOND,
            settings.seconds(Timeout.FRAGMENTS_V6) * VirtualClock.NS_PER_SECOND);
  }

  Verdict run(Packet packet, HookState state) {
    work.add(ConntrackOperations.DEFRAGMENT);
    if ((!packet.isFragment() && !packet.hasFragmentHeader())
        || isKnownV6(packet)
        || lacksHeadersV6(packet)
        || PacketConnection.stateOf(packet) == ConnectionState.UNTRACKED) {
      if (recording.isOn()) {
        recording.repeats();
        recording.costs(ConntrackOperations.DEFRAGMENT, 1);
      }
      return Verdict.ACCEPT;
    }
    boolean local = !state.in().exists();
    if (endsWithinUnitV6(packet)) {
      reassembly.forget(packet, local);
      return Verdict.ACCEPT;
    }
    Reassembly.Outcome outcome = reassembly.take(packet, local);
    boolean complete = outcome == Reassembly.Outcome.WHOLE;
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.Reassembled(complete));
    }
    if (complete) {
      return Verdict.ACCEPT;
    }
    boolean told = packet.family() == IpFamily.IPV6 && outcome == Reassembly.Outcome.REFUSED;
    return told ? Verdict.DROP : Verdict.STOLEN;
  }

  /**
   * A first IPv6 fragment without its whole TCP, UDP or ICMPv6 header, or without anything, goes
   * its way alone (RFC 8200; reassembly.c, ipv6frag_thdr_truncated).
   */
  private static boolean lacksHeadersV6(Packet packet) {
    return packet.family() == IpFamily.IPV6
        && !packet.isLaterFragment()
        && packet.networkPayloadBytes() < fewestBytes(packet.protocol());
  }

  private static int fewestBytes(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP -> Packet.TCP_HEADER_BYTES;
      case IpProtocol.UDP, IpProtocol.ICMPV6 -> SHORT_HEADER_BYTES;
      default -> 1;
    };
  }

  /** An IPv6 fragment that others follow and that ends between two of their places goes alone. */
  private static boolean endsWithinUnitV6(Packet packet) {
    return packet.family() == IpFamily.IPV6
        && packet.moreFragments()
        && (packet.authentication().length + packet.networkPayloadBytes()) % Fragments.UNIT_BYTES
            != 0;
  }

  /** Over loopback, IPv6 fragments of a tracked packet stay apart; IPv4 ones are joined again. */
  private static boolean isKnownV6(Packet packet) {
    return packet.family() == IpFamily.IPV6 && PacketConnection.connectionOf(packet).exists();
  }
}
