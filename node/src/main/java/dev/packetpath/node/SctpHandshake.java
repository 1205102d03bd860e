package dev.packetpath.node;

import dev.packetpath.core.packet.Packet;
import java.nio.ByteBuffer;

/**
 * The chunks that open an SCTP association, as packets told in a few words have them: INIT, INIT
 * ACK, COOKIE ECHO, COOKIE ACK (RFC 9260, section 5.1). Both ends take 1 for their tag.
 */
final class SctpHandshake {
  static final int INIT = 1;
  static final int INIT_ACK = 2;
  private static final int SACK = 3;
  private static final int COOKIE_ECHO = 10;
  private static final int COOKIE_ACK = 11;

  private static final int CHUNK_HEADER_BYTES = 4;
  private static final int INIT_BYTES = 16;
  private static final int TAG = 1;

  private SctpHandshake() {}

  /** Makes a packet the first of an association. */
  static void open(Packet packet) {
    packet.sctpTag(0).payload(init(INIT, 0, TAG));
  }

  /** Makes a packet the usual answer to another one. */
  static void answer(Packet asked, Packet reply) {
    reply.sctpTag(TAG);
    switch (chunk(asked)) {
      case INIT -> reply.payload(init(INIT_ACK, 0, TAG));
      case COOKIE_ECHO -> reply.payload(bare(COOKIE_ACK));
      default -> reply.payload(bare(SACK));
    }
  }

  /** Makes a packet one that follows the answer to an INIT. */
  static void proceed(Packet packet) {
    packet.sctpTag(TAG).payload(bare(COOKIE_ECHO));
  }

  private static int chunk(Packet packet) {
    byte[] payload = packet.payload();
    return payload.length == 0 ? -1 : payload[0] & 0xff;
  }

  /** Returns an INIT or INIT ACK chunk with its fixed part alone. */
  static byte[] init(int type, int flags, int initTag) {
    return ByteBuffer.allocate(CHUNK_HEADER_BYTES + INIT_BYTES)
        .put((byte) type)
        .put((byte) flags)
        .putShort((short) (CHUNK_HEADER_BYTES + INIT_BYTES))
        .putInt(initTag)
        .putInt(0xffff)
        .putShort((short) 1)
        .putShort((short) 1)
        .putInt(1)
        .array();
  }

  private static byte[] bare(int type) {
    return new byte[] {(byte) type, 0, 0, CHUNK_HEADER_BYTES};
  }
}
