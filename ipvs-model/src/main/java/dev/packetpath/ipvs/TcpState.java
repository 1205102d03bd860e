package dev.packetpath.ipvs;

import dev.packetpath.core.packet.TcpFlags;

/**
 * The states of a TCP connection, their timeouts, and which follows which (tcp_states,
 * tcp_states_dos and tcp_timeouts of net/netfilter/ipvs/ip_vs_proto_tcp.c, Linux 6.1; the order is
 * that of include/net/ip_vs.h).
 */
enum TcpState {
  NONE(2),
  ESTABLISHED(900),
  SYN_SENT(120),
  SYN_RECV(60),
  FIN_WAIT(120),
  TIME_WAIT(120),
  CLOSE(10),
  CLOSE_WAIT(60),
  LAST_ACK(30),
  LISTEN(120),
  SYNACK(120);

  /** Columns are the states in order, rows SYN, FIN, ACK and RST. */
  private static final byte[][] INPUT =
      TransitionTable.read(
          """
          SR ES ES SR SR SR SR SR SR SR SR
          CL CW SS TW TW TW CL CW LA LI TW
          ES ES SS ES FW TW CL CW CL LI ES
          CL CL CL SR CL CL CL CL LA LI SR
          """,
          TcpState::column);

  private static final byte[][] OUTPUT =
      TransitionTable.read(
          """
          SS ES SS SR SS SS SS SS SS LI SR
          TW FW SS TW FW TW CL TW LA LI TW
          ES ES SS ES FW TW CL CW LA ES ES
          CL CL SS CL CL TW CL CL CL CL CL
          """,
          TcpState::column);

  private static final byte[][] INPUT_ONLY =
      TransitionTable.read(
          """
          SR ES ES SR SR SR SR SR SR SR SR
          CL FW SS TW FW TW CL CW LA LI TW
          ES ES SS ES FW TW CL CW CL LI ES
          CL CL CL SR CL CL CL CL LA LI CL
          """,
          TcpState::column);

  private static final byte[][] SECURE_INPUT =
      TransitionTable.read(
          """
          SR ES ES SR SR SR SR SR SR SR SA
          CL CW SS TW TW TW CL CW LA LI SA
          ES ES SS SR FW TW CL CW CL LI SA
          CL CL CL SR CL CL CL CL LA LI CL
          """,
          TcpState::column);

  private static final byte[][] SECURE_OUTPUT =
      TransitionTable.read(
          """
          SS ES SS SA SS SS SS SS SS LI SA
          TW FW SS TW FW TW CL TW LA LI TW
          ES ES SS ES FW TW CL CW LA ES ES
          CL CL SS CL CL TW CL CL CL CL CL
          """,
          TcpState::column);

  private static final byte[][] SECURE_INPUT_ONLY =
      TransitionTable.read(
          """
          SA ES ES SR SA SA SA SA SA SA SA
          CL FW SS TW FW TW CL CW LA LI TW
          ES ES SS ES FW TW CL CW CL LI ES
          CL CL CL SR CL CL CL CL LA LI CL
          """,
          TcpState::column);

  private static final TcpState[] BY_NUMBER = values();

  private final int defaultSeconds;

  TcpState(int defaultSeconds) {
    this.defaultSeconds = defaultSeconds;
  }

  static TcpState of(int number) {
    return BY_NUMBER[number];
  }

  int defaultSeconds() {
    return defaultSeconds;
  }

  /** Returns whether a connection in this state counts as active. */
  boolean isActive() {
    return this == ESTABLISHED || this == SYN_SENT || this == SYN_RECV || this == SYNACK;
  }

  /** Returns the state after a segment; one without any of the four flags closes. */
  TcpState next(Way way, boolean secure, int tcpFlags) {
    int row = row(tcpFlags);
    if (row < 0) {
      return CLOSE;
    }
    byte[][] table =
        switch (way) {
          case INPUT -> secure ? SECURE_INPUT : INPUT;
          case OUTPUT -> secure ? SECURE_OUTPUT : OUTPUT;
          case INPUT_ONLY -> secure ? SECURE_INPUT_ONLY : INPUT_ONLY;
        };
    return BY_NUMBER[table[row][ordinal()]];
  }

  private static int row(int tcpFlags) {
    if ((tcpFlags & TcpFlags.RST) != 0) {
      return 3;
    }
    if ((tcpFlags & TcpFlags.SYN) != 0) {
      return 0;
    }
    if ((tcpFlags & TcpFlags.FIN) != 0) {
      return 1;
    }
    return (tcpFlags & TcpFlags.ACK) != 0 ? 2 : -1;
  }

  private static TcpState column(String cell) {
    return switch (cell) {
      case "ES" -> ESTABLISHED;
      case "SS" -> SYN_SENT;
      case "SR" -> SYN_RECV;
      case "FW" -> FIN_WAIT;
      case "TW" -> TIME_WAIT;
      case "CL" -> CLOSE;
      case "CW" -> CLOSE_WAIT;
      case "LA" -> LAST_ACK;
      case "LI" -> LISTEN;
      case "SA" -> SYNACK;
      default -> throw new AssertionError(cell);
    };
  }
}
