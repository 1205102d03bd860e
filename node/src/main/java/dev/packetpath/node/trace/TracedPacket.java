package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.PacketRequest;
import dev.packetpath.node.PacketResult;

/**
 * A packet that was followed.
 *
 * @param request what was asked for
 * @param at the device it arrived on, or {@link dev.packetpath.node.Injection#LOCAL}
 * @param packet the packet as it was given to the node
 * @param paths its path, and those of packets that were sent after its end
 * @param result what came out and what it took
 */
public record TracedPacket(
    PacketRequest request,
    String at,
    Packet packet,
    ImmutableList<PacketPath> paths,
    PacketResult result) {
  /** Returns the packet's own path. */
  public PacketPath path() {
    return paths.get(0);
  }
}
