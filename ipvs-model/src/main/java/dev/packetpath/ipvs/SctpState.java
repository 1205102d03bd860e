package dev.packetpath.ipvs;

import dev.packetpath.core.packet.Packet;

/**
 * The states of an SCTP association as the real server is in them, their timeouts, and which
 * follows which (sctp_states and sctp_timeouts of net/netfilter/ipvs/ip_vs_proto_sctp.c, Linux
 * 6.1).
 */
enum SctpState {
  NONE("NONE", 2),
  INIT1("INIT1", 4),
  INIT("INIT", 61),
  COOKIE_SENT("C-SENT", 61),
  COOKIE_REPLIED("C-REPLIED", 61),
  COOKIE_WAIT("C-WAIT", 61),
  COOKIE("COOKIE", 61),
  COOKIE_ECHOED("C-ECHOED", 61),
  ESTABLISHED("ESTABLISHED", 900),
  SHUTDOWN_SENT("S-SENT", 61),
  SHUTDOWN_RECEIVED("S-RECEIVED", 61),
  SHUTDOWN_ACK_SENT("S-ACK-SENT", 61),
  REJECTED("REJECTED", 4),
  CLOSED("CLOSED", 61);

  static final int CHUNK_INIT = 1;
  static final int CHUNK_ABORT = 6;
  private static final int CHUNK_COOKIE_ECHO = 10;
  private static final int CHUNK_COOKIE_ACK = 11;
  private static final int DATA_ROW = 0;

  /** The row of each chunk type of RFC 9260, the rows being those of the tables below. */
  private static final int[] ROW_OF_CHUNK = {0, 1, 2, 0, 0, 0, 9, 5, 6, 8, 3, 4, 0, 0, 7};

  /**
   * Columns are the states in order; rows are DATA, INIT, INIT ACK, COOKIE ECHO, COOKIE ACK,
   * SHUTDOWN, SHUTDOWN ACK, SHUTDOWN COMPLETE, ERROR and ABORT.
   */
  private static final byte[][] INPUT =
      TransitionTable.read(
          """
          ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL
          I1 IN IN CS CR CW CO CE ES SS SR SA IN IN
          CW CW CW CS CR CO CO CE ES SS SR SA RJ CL
          CR IN IN CR CR CW CO CE ES SS SR SA RJ CL
          ES I1 IN CS CR CW CO ES ES SS SR SA RJ CL
          SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL
          CL IN IN CS CR CW CO CE ES CL SR CL RJ CL
          CL CL CL CS CR CW CO CE ES SS SR CL RJ CL
          CL I1 IN CS CR CW CO CL ES SS SR SA RJ CL
          CL CL CL CL CL RJ CL CL CL CL CL CL CL CL
          """,
          SctpState::column);

  private static final byte[][] OUTPUT =
      TransitionTable.read(
          """
          ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL
          CW CW CW CW CW CW CW CW ES CW CW CW CW CW
          CS CS CS CS CR CW CO CE ES SS SR SA RJ CL
          CE CE CE CE CE CE CE CE ES SS SR SA RJ CL
          ES ES ES ES ES ES ES ES ES SS SR SA RJ CL
          SS SS SS SS SS SS SS SS SS SS SR SA RJ CL
          SA SA SA SA SA CW CO CE ES SA SA SA RJ CL
          CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL
          CL CL CL CL CL CW CO CE ES SS SR SA RJ CL
          CL RJ CL CL CL CL CL CL CL CL CL CL CL CL
          """,
          SctpState::column);

  private static final byte[][] INPUT_ONLY =
      TransitionTable.read(
          """
          ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL
          I1 IN IN IN IN IN CO CE ES SS SR SA IN IN
          CE CE CE CE CE CE CO CE ES SS SR SA RJ CL
          ES ES ES ES ES ES CO CE ES SS SR SA RJ CL
          ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL
          SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL
          CL IN IN CS CR CW CO CE CL CL SR CL RJ CL
          CL CL CL CL CL CW CO CE ES SS CL CL RJ CL
          CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL
          CL CL CL CL CL RJ CL CL CL CL CL CL CL CL
          """,
          SctpState::column);

  private static final SctpState[] BY_NUMBER = values();

  private final String listed;
  private final int seconds;

  SctpState(String listed, int seconds) {
    this.listed = listed;
    this.seconds = seconds;
  }

  static SctpState of(int number) {
    return BY_NUMBER[number];
  }

  /** Returns the name under which connections are listed. */
  String listed() {
    return listed;
  }

  int seconds() {
    return seconds;
  }

  /** Returns the state after a packet. */
  SctpState next(Way way, Packet packet) {
    int chunk = deciding(packet);
    int row = chunk >= 0 && chunk < ROW_OF_CHUNK.length ? ROW_OF_CHUNK[chunk] : DATA_ROW;
    byte[][] table =
        switch (way) {
          case INPUT -> INPUT;
          case OUTPUT -> OUTPUT;
          case INPUT_ONLY -> INPUT_ONLY;
        };
    return BY_NUMBER[table[row][ordinal()]];
  }

  /** Returns the type of the chunk at an offset behind the SCTP header, -1 if there is none. */
  static int chunkType(Packet packet, int offset) {
    if (packet.isLaterFragment() || offset + 4 > packet.payloadLength()) {
      return -1;
    }
    byte[] known = packet.payload();
    return offset < known.length ? known[offset] & 0xff : DATA_ROW;
  }

  /** The first chunk, save for an ABORT behind a cookie. */
  private static int deciding(Packet packet) {
    int first = chunkType(packet, 0);
    byte[] known = packet.payload();
    if ((first == CHUNK_COOKIE_ECHO || first == CHUNK_COOKIE_ACK) && known.length >= 4) {
      int length = (known[2] & 0xff) << 8 | (known[3] & 0xff);
      if (length >= 4 && chunkType(packet, (length + 3) & ~3) == CHUNK_ABORT) {
        return CHUNK_ABORT;
      }
    }
    return first;
  }

  private static SctpState column(String cell) {
    return switch (cell) {
      case "I1" -> INIT1;
      case "IN" -> INIT;
      case "CS" -> COOKIE_SENT;
      case "CR" -> COOKIE_REPLIED;
      case "CW" -> COOKIE_WAIT;
      case "CO" -> COOKIE;
      case "CE" -> COOKIE_ECHOED;
      case "ES" -> ESTABLISHED;
      case "SS" -> SHUTDOWN_SENT;
      case "SR" -> SHUTDOWN_RECEIVED;
      case "SA" -> SHUTDOWN_ACK_SENT;
      case "RJ" -> REJECTED;
      case "CL" -> CLOSED;
      default -> throw new AssertionError(cell);
    };
  }
}
