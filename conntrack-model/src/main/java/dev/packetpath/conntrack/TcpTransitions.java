package dev.packetpath.conntrack;

import com.google.common.base.Splitter;
import java.util.List;

/**
 * Which state follows which, for each direction and kind of segment (the table tcp_conntracks of
 * net/netfilter/nf_conntrack_proto_tcp.c, Linux 6.1).
 */
final class TcpTransitions {
  private static final int STATES = TcpState.SYN_SENT2.ordinal() + 1;

  /** Columns are the states NONE to SYN_SENT2, rows the kinds of segment. */
  private static final String ORIGINAL =
      """
      SS SS IG IG IG IG IG SS SS S2
      IV IV SR IV IV IV IV IV IV SR
      IV IV FW FW LA LA LA TW CL IV
      ES IV ES ES CW CW TW TW CL IV
      IV CL CL CL CL CL CL CL CL CL
      IV IV IV IV IV IV IV IV IV IV
      """;

  private static final String REPLY =
      """
      IV S2 IV IV IV IV IV SS IV S2
      IV SR IG IG IG IG IG IG IG SR
      IV IV FW FW LA LA LA TW CL IV
      IV IG SR ES CW CW TW TW CL IG
      IV CL CL CL CL CL CL CL CL CL
      IV IV IV IV IV IV IV IV IV IV
      """;

  private static final TcpState[][] TABLE = {compile(ORIGINAL), compile(REPLY)};

  private TcpTransitions() {}

  /** Returns the state that follows, or IGNORED or INVALID. */
  static TcpState next(Direction direction, TcpSegment segment, TcpState state) {
    return TABLE[direction.ordinal()][segment.ordinal() * STATES + state.ordinal()];
  }

  private static TcpState[] compile(String rows) {
    List<String> cells = Splitter.onPattern("\\s+").omitEmptyStrings().splitToList(rows);
    return cells.stream().map(TcpTransitions::state).toArray(TcpState[]::new);
  }

  private static TcpState state(String cell) {
    return switch (cell) {
      case "SS" -> TcpState.SYN_SENT;
      case "SR" -> TcpState.SYN_RECV;
      case "ES" -> TcpState.ESTABLISHED;
      case "FW" -> TcpState.FIN_WAIT;
      case "CW" -> TcpState.CLOSE_WAIT;
      case "LA" -> TcpState.LAST_ACK;
      case "TW" -> TcpState.TIME_WAIT;
      case "CL" -> TcpState.CLOSE;
      case "S2" -> TcpState.SYN_SENT2;
      case "IG" -> TcpState.IGNORED;
      default -> TcpState.INVALID;
    };
  }
}
