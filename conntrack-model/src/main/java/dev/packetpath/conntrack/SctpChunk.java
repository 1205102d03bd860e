package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.packet.Packet;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One chunk of an SCTP packet, RFC 9260 section 3.2.
 *
 * @param type its type
 * @param flags its flags
 * @param length its length as it stands in the header
 * @param initiateTag the tag that an INIT or INIT ACK announces, 0 for other chunks
 * @param complete whether the packet holds the announced tag
 */
record SctpChunk(int type, int flags, int length, int initiateTag, boolean complete) {
  static final int DATA = 0;
  static final int INIT = 1;
  static final int INIT_ACK = 2;
  static final int HEARTBEAT = 4;
  static final int HEARTBEAT_ACK = 5;
  static final int ABORT = 6;
  static final int SHUTDOWN = 7;
  static final int SHUTDOWN_ACK = 8;
  static final int ERROR = 9;
  static final int COOKIE_ECHO = 10;
  static final int COOKIE_ACK = 11;
  static final int SHUTDOWN_COMPLETE = 14;

  private static final int TAG_REFLECTED = 1;
  private static final byte FILLER = 'x';

  /** Returns the chunks of a packet; up to the first of length 0. */
  static ImmutableList<SctpChunk> of(Packet packet) {
    byte[] known = packet.payload();
    byte[] bytes = Arrays.copyOf(known, packet.payloadLength());
    if (known.length < bytes.length) {
      Arrays.fill(bytes, known.length, bytes.length, FILLER);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    ImmutableList.Builder<SctpChunk> chunks = ImmutableList.builder();
    int at = 0;
    while (at + 4 <= bytes.length) {
      int type = in.get(at) & 0xff;
      int length = in.getShort(at + 2) & 0xffff;
      boolean init = type == INIT || type == INIT_ACK;
      boolean complete = !init || at + 20 <= bytes.length;
      int tag = init && complete ? in.getInt(at + 4) : 0;
      chunks.add(new SctpChunk(type, in.get(at + 1) & 0xff, length, tag, complete));
      if (length == 0) {
        break;
      }
      at += (length + 3) & ~3;
    }
    return chunks.build();
  }

  /** Returns whether the packet carries the tag of the other direction (the T bit). */
  boolean tagReflected() {
    return (flags & TAG_REFLECTED) != 0;
  }
}
