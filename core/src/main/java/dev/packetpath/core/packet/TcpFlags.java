package dev.packetpath.core.packet;

/** The bits of the TCP flags byte, RFC 9293 section 3.1. */
public final class TcpFlags {
  /** No more data from the sender. */
  public static final int FIN = 0x01;

  /** Synchronize sequence numbers. */
  public static final int SYN = 0x02;

  /** Reset the connection. */
  public static final int RST = 0x04;

  /** Push. */
  public static final int PSH = 0x08;

  /** The acknowledgment field counts. */
  public static final int ACK = 0x10;

  /** The urgent pointer counts. */
  public static final int URG = 0x20;

  /** ECN echo, RFC 3168. */
  public static final int ECE = 0x40;

  /** Congestion window reduced, RFC 3168. */
  public static final int CWR = 0x80;

  private static final String LETTERS = "FSRPAUEC";

  private TcpFlags() {}

  /**
   * Returns the bits of one letter per flag, in any order: F S R P A U E C.
   *
   * @throws IllegalArgumentException for any other letter
   */
  public static int parseLetters(String letters) {
    int bits = 0;
    for (int i = 0; i < letters.length(); i++) {
      int bit = LETTERS.indexOf(letters.charAt(i));
      if (bit < 0) {
        throw new IllegalArgumentException(
            "TCP flags are letters of " + LETTERS + ", found \"" + letters + "\"");
      }
      bits |= 1 << bit;
    }
    return bits;
  }

  /** Returns one letter per flag that is set, in the order F S R P A U E C. */
  public static String toLetters(int bits) {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < LETTERS.length(); i++) {
      if ((bits >> i & 1) != 0) {
        letters.append(LETTERS.charAt(i));
      }
    }
    return letters.toString();
  }
}
