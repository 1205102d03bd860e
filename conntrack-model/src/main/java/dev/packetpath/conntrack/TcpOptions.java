package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;
import java.nio.ByteBuffer;

/** The TCP options that window tracking and NAT need (RFC 7323, RFC 2018). */
final class TcpOptions {
  private static final int END = 0;
  private static final int NO_OPERATION = 1;
  private static final int WINDOW_SCALE = 3;
  private static final int SACK_PERMITTED = 4;
  private static final int SACK = 5;
  private static final int MAX_SCALE = 14;
  private static final int NONE = -1;
  private static final int BROKEN = -2;

  private TcpOptions() {}

  /** Notes window scaling and selective acknowledgment as the options of a SYN offer them. */
  static void readSyn(byte[] options, TcpPeer peer) {
    int at = optionFrom(options, 0);
    while (at >= 0) {
      int length = lengthAt(options, at);
      if (options[at] == SACK_PERMITTED && length == 2) {
        peer.set(TcpPeer.SACK_PERMITTED);
      } else if (options[at] == WINDOW_SCALE && length == 3) {
        peer.scale(Math.min(options[at + 2] & 0xff, MAX_SCALE));
        peer.set(TcpPeer.WINDOW_SCALE);
      }
      at = optionFrom(options, at + length);
    }
  }

  /** Returns the highest right edge of a selective acknowledgment, at least {@code ack}. */
  static int highestSack(byte[] options, int ack) {
    int at = optionFrom(options, 0);
    while (at >= 0) {
      int length = lengthAt(options, at);
      if (isSack(options[at], length)) {
        int highest = ack;
        for (int block = at + 2; block < at + length; block += 8) {
          int right = ByteBuffer.wrap(options).getInt(block + 4);
          highest = right - highest > 0 ? right : highest;
        }
        return highest;
      }
      at = optionFrom(options, at + length);
    }
    return ack;
  }

  /**
   * Takes off what was added to the numbers that a segment selectively acknowledges
   * (nf_ct_sack_adjust).
   *
   * @return false if an option is broken
   */
  static boolean adjustSack(Packet packet, SequenceOffset offset) {
    byte[] options = packet.tcpOptions().clone();
    ByteBuffer numbers = ByteBuffer.wrap(options);
    int at = optionFrom(options, 0);
    while (at >= 0) {
      int length = lengthAt(options, at);
      if (isSack(options[at], length)) {
        for (int edge = at + 2; edge < at + length; edge += 4) {
          int number = numbers.getInt(edge);
          numbers.putInt(edge, number - offset.acknowledged(number));
        }
      }
      at = optionFrom(options, at + length);
    }
    if (at == BROKEN) {
      return false;
    }
    packet.tcpOptions(options);
    return true;
  }

  /** Returns where the next option is that has a length, NONE or BROKEN if there is none. */
  private static int optionFrom(byte[] options, int from) {
    int at = from;
    while (at < options.length && options[at] == NO_OPERATION) {
      at++;
    }
    if (at >= options.length || options[at] == END) {
      return NONE;
    }
    return lengthAt(options, at) == 0 ? BROKEN : at;
  }

  private static boolean isSack(byte kind, int length) {
    return kind == SACK && length >= 10 && (length - 2) % 8 == 0;
  }

  /** Returns the length of the option at a position, 0 if it is broken. */
  private static int lengthAt(byte[] options, int at) {
    int length = at + 1 < options.length ? options[at + 1] & 0xff : 0;
    return length < 2 || at + length > options.length ? 0 : length;
  }
}
