package dev.packetpath.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableBiMap;
import dev.packetpath.core.packet.Packet;
import java.nio.ByteBuffer;

/**
 * The SCTP part of a packet's JSON object: one chunk by name (RFC 9260 section 3.2), and the tag.
 */
final class SctpJson {
  private static final ImmutableBiMap<String, Integer> CHUNKS =
      ImmutableBiMap.<String, Integer>builder()
          .put("DATA", 0)
          .put("INIT", 1)
          .put("INIT_ACK", 2)
          .put("SACK", 3)
          .put("HEARTBEAT", 4)
          .put("HEARTBEAT_ACK", 5)
          .put("ABORT", 6)
          .put("SHUTDOWN", 7)
          .put("SHUTDOWN_ACK", 8)
          .put("ERROR", 9)
          .put("COOKIE_ECHO", 10)
          .put("COOKIE_ACK", 11)
          .put("SHUTDOWN_COMPLETE", 14)
          .buildOrThrow();
  private static final long U32 = 0xffff_ffffL;
  private static final int CHUNK_HEADER_BYTES = 4;

  private SctpJson() {}

  /** Puts the chunk around the payload that was read; an INIT if no other is named. */
  static void read(JsonValue.Fields fields, Packet packet) {
    String name = fields.text("chunk", "INIT");
    Integer type = CHUNKS.get(name);
    if (type == null) {
      throw fields
          .get("chunk")
          .orElse(fields)
          .error("\"chunk\": \"" + name + "\"", "one of " + String.join(" ", CHUNKS.keySet()));
    }
    packet.sctpTag((int) fields.number("vtag", 0, U32, 0));
    int flags = (int) fields.number("chunkFlags", 0, 255, 0);
    int body = packet.payloadLength();
    if (body == 0 && (type == SctpHandshake.INIT || type == SctpHandshake.INIT_ACK)) {
      int initTag = (int) fields.number("initTag", 0, U32, 1);
      packet.payload(SctpHandshake.init(type, flags, initTag));
      return;
    }
    int length = CHUNK_HEADER_BYTES + body;
    ByteBuffer chunk = ByteBuffer.allocate((length + 3) / 4 * 4);
    chunk.put(type.byteValue()).put((byte) flags).putShort((short) length);
    byte[] known = packet.payload();
    for (int i = 0; i < body; i++) {
      chunk.put(i < known.length ? known[i] : (byte) 'x');
    }
    packet.payload(chunk.array());
  }

  /** Adds the tag and the first chunk's name. */
  static void write(Packet packet, ObjectNode json) {
    if (packet.payload().length >= CHUNK_HEADER_BYTES) {
      int type = packet.payload()[0] & 0xff;
      json.put("vtag", Integer.toUnsignedLong(packet.sctpTag()));
      json.put("chunk", CHUNKS.inverse().getOrDefault(type, Integer.toString(type)));
    }
  }
}
