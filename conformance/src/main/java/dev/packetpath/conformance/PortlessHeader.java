package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpProtocol;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * Headers of ESP (RFC 4303), AH (RFC 4302) and Mobile IPv6 (RFC 6275), which are payload to the
 * packet model; a few are cut short.
 */
final class PortlessHeader {
  private static final int MOBILITY = 135;
  private static final int MAX_REST_BYTES = 24;

  private PortlessHeader() {}

  /**
   * Puts a header and something behind it into a packet whose {@code proto} names the protocol.
   *
   * @param value the index of ESP or AH, or the mobility header's type
   */
  static void addTo(ObjectNode packet, Random random, int value) {
    ByteBuffer header =
        switch (packet.path("proto").asText()) {
          case "esp" -> of(packet, IpProtocol.ESP, 8).putInt(value).putInt(1);
          case "ah" ->
              of(packet, IpProtocol.AH, 12)
                  .putShort((short) (IpProtocol.NO_NEXT_HEADER << 8 | 1))
                  .putShort((short) 0)
                  .putInt(value)
                  .putInt(1);
          default ->
              of(packet, MOBILITY, 8)
                  .putShort((short) (IpProtocol.NO_NEXT_HEADER << 8))
                  .put((byte) value)
                  .put((byte) 0)
                  .putInt(0);
        };
    int bytes =
        random.nextInt(100) < 8
            ? random.nextInt(header.capacity())
            : header.capacity() + random.nextInt(MAX_REST_BYTES);
    byte[] payload = new byte[bytes];
    header.flip().get(payload, 0, Math.min(bytes, header.capacity()));
    packet.put("payload", BaseEncoding.base16().lowerCase().encode(payload));
  }

  private static ByteBuffer of(ObjectNode packet, int protocol, int bytes) {
    packet.put("protocol", protocol);
    return ByteBuffer.allocate(bytes);
  }
}
