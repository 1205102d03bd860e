package dev.packetpath.node.ipvs;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpTypes;
import java.nio.ByteBuffer;

/** What of a recorded packet can be compared. */
final class RecordedPacket {
  private static final int GUE_PORT = 6080;
  private static final int NOWHERE = -1;

  /** The identification of all IPv4 packets that the recorder sends. */
  private static final int GIVEN_ID = 1;

  private final ByteBuffer bytes;
  private final boolean v4;
  private int protocol;
  private int transport;

  /** The offset of a fragment, and whether more follow; 0 of a whole packet. */
  private int offset;

  private boolean inPieces;

  private RecordedPacket(byte[] packet) {
    bytes = ByteBuffer.wrap(packet);
    v4 = packet[0] >>> 4 == 4;
  }

  /**
   * A packet but for what chance gives: the identification of an IPv4 packet that the node made,
   * the flow label of IPv6, also in quotes, the number of its fragments and the source port of GUE;
   * but for the checksums of quoted segments, which the kernel leaves as they were; and but for
   * length and checksum in a first fragment of GUE, which tell of the whole datagram. A checksum
   * that the kernel left to the network card, or out as UDP may, is shown as it had to be; one of
   * bytes that are not shown is right if it was.
   */
  static String shown(byte[] packet) {
    RecordedPacket shown = new RecordedPacket(packet.clone());
    shown.hideInNetworkHeader();
    shown.hideInTransport();
    return BaseEncoding.base16().lowerCase().encode(shown.bytes.array());
  }

  private void hideInNetworkHeader() {
    protocol = bytes.get(v4 ? 9 : 6) & 0xff;
    transport = v4 ? (bytes.get(0) & 15) * 4 : 40;
    if (v4) {
      offset = bytes.getShort(6) & 0x1fff;
      inPieces = (bytes.getShort(6) & 0x3fff) != 0;
      if (bytes.getShort(4) != GIVEN_ID) {
        replace(4, 0, 10);
      }
      return;
    }
    hideFlowLabel(0, NOWHERE);
    if (protocol == IpProtocol.FRAGMENT) {
      protocol = bytes.get(transport) & 0xff;
      offset = bytes.getShort(transport + 2) >>> 3 & 0x1fff;
      inPieces = true;
      bytes.putInt(transport + 4, 0);
      transport += 8;
    }
  }

  private void hideInTransport() {
    if (offset != 0) {
      return;
    }
    if (!inPieces) {
      writeChecksum();
    }
    if (protocol == IpProtocol.UDP && bytes.getShort(transport + 2) == GUE_PORT) {
      replace(transport, 0, transport + 6);
      if (inPieces) {
        bytes.putInt(transport + 4, 0);
      }
    } else if ((protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6)
        && IcmpTypes.isError(v4 ? IpFamily.IPV4 : IpFamily.IPV6, bytes.get(transport) & 0xff)) {
      hideInQuote(transport + 8, transport + 2);
    }
  }

  /** Of a segment that is quoted without its whole header, what is there is shown. */
  private void hideInQuote(int quoted, int checksumAt) {
    boolean quotedV4 = bytes.get(quoted) >>> 4 == 4;
    if (!quotedV4) {
      hideFlowLabel(quoted, checksumAt);
    }
    int at =
        quoted
            + (quotedV4 ? 20 : 40)
            + switch (bytes.get(quoted + (quotedV4 ? 9 : 6))) {
              case IpProtocol.TCP -> 16;
              case IpProtocol.UDP -> 6;
              default -> bytes.capacity();
            };
    if (at + Short.BYTES <= bytes.capacity()) {
      replace(at, 0, checksumAt);
    }
  }

  private void hideFlowLabel(int header, int checksumAt) {
    replace(header, bytes.getShort(header) & 0xfff0, checksumAt);
    replace(header + Short.BYTES, 0, checksumAt);
  }

  /** Replaces 16 bits, and a checksum of them by the one that is as right as it was. */
  private void replace(int at, int value, int checksumAt) {
    long without = ~bytes.getShort(at) & 0xffff;
    bytes.putShort(at, (short) value);
    if (checksumAt != NOWHERE) {
      long sum = (~bytes.getShort(checksumAt) & 0xffff) + without + value;
      int checksum = ~folded(sum) & 0xffff;
      bytes.putShort(checksumAt, (short) (checksum == 0xffff ? 0 : checksum));
    }
  }

  /**
   * Writes a checksum of which the kernel wrote the pseudo header's part alone, or none for UDP.
   */
  private void writeChecksum() {
    int at =
        switch (protocol) {
          case IpProtocol.TCP -> 16;
          case IpProtocol.UDP -> 6;
          case IpProtocol.ICMPV6 -> 2;
          case IpProtocol.GRE -> bytes.get(transport) < 0 ? 4 : NOWHERE;
          default -> NOWHERE;
        };
    if (at == NOWHERE) {
      return;
    }
    int end = bytes.capacity();
    long pseudo = 0;
    if (protocol != IpProtocol.GRE) {
      pseudo = sum(v4 ? 12 : 8, v4 ? 20 : 40) + protocol + (end - transport);
    }
    int written = bytes.getShort(transport + at) & 0xffff;
    if (written == folded(pseudo) || (written == 0 && protocol == IpProtocol.UDP)) {
      bytes.putShort(transport + at, (short) 0);
      bytes.putShort(transport + at, (short) ~folded(pseudo + sum(transport, end)));
    }
  }

  private long sum(int from, int to) {
    long sum = 0;
    for (int at = from; at < to; at++) {
      boolean upper = (at - from) % 2 == 0;
      sum += (bytes.get(at) & 0xffL) << (upper ? Byte.SIZE : 0);
    }
    return sum;
  }

  /** The sum of a number's words of 16 bits, with what is carried. */
  private static int folded(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) folded;
  }
}
