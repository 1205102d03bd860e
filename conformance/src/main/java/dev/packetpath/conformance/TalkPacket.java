package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A packet of a conversation on its way to the node.
 *
 * @param atMs when it arrives, in milliseconds since the start
 * @param packet the packet, in the form of the kernel vectors
 */
record TalkPacket(long atMs, ObjectNode packet) {
  TalkPacket later(long ms) {
    return new TalkPacket(atMs + ms, packet);
  }
}
