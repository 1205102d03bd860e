package dev.packetpath.conntrack;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.List;

/**
 * Which state follows which, for each direction and chunk (the table sctp_conntracks of
 * net/netfilter/nf_conntrack_proto_sctp.c, Linux 6.1).
 */
final class SctpTransitions {
  private static final int STATES = SctpState.HEARTBEAT_SENT.ordinal() + 1;

  private static final ImmutableMap<Integer, Integer> ROWS =
      ImmutableMap.<Integer, Integer>builder()
          .put(SctpChunk.INIT, 0)
          .put(SctpChunk.INIT_ACK, 1)
          .put(SctpChunk.ABORT, 2)
          .put(SctpChunk.SHUTDOWN, 3)
          .put(SctpChunk.SHUTDOWN_ACK, 4)
          .put(SctpChunk.ERROR, 5)
          .put(SctpChunk.COOKIE_ECHO, 6)
          .put(SctpChunk.COOKIE_ACK, 7)
          .put(SctpChunk.SHUTDOWN_COMPLETE, 8)
          .put(SctpChunk.HEARTBEAT, 9)
          .put(SctpChunk.HEARTBEAT_ACK, 10)
          .buildOrThrow();

  /** Columns are the states NONE to HEARTBEAT_SENT, rows the chunks in the order above. */
  private static final String ORIGINAL =
      """
      CL CL CW CE ES CL CL SA CW
      CL CL CW CE ES SS SR SA CL
      CL CL CL CL CL CL CL CL CL
      CL CL CW CE SS SS SR SA CL
      SA CL CW CE ES SA SA SA SA
      CL CL CW CE ES SS SR SA CL
      CL CL CE CE ES SS SR SA CL
      CL CL CW ES ES SS SR SA CL
      CL CL CW CE ES SS SR CL CL
      HS CL CW CE ES SS SR SA HS
      CL CL CW CE ES SS SR SA HS
      """;

  private static final String REPLY =
      """
      IV CL CW CE ES SS SR SA IV
      IV CW CW CE ES SS SR SA IV
      IV CL CL CL CL CL CL CL IV
      IV CL CW CE SR SS SR SA IV
      IV CL CW CE ES SA SA SA IV
      IV CL CW CL ES SS SR SA IV
      IV CL CE CE ES SS SR SA IV
      IV CL CW ES ES SS SR SA IV
      IV CL CW CE ES SS SR CL IV
      IV CL CW CE ES SS SR SA HS
      IV CL CW CE ES SS SR SA ES
      """;

  private static final SctpState[][] TABLE = {compile(ORIGINAL), compile(REPLY)};

  private SctpTransitions() {}

  /** Returns the state that follows; chunks such as DATA change none. */
  static SctpState next(Direction direction, int chunkType, SctpState state) {
    int row = ROWS.getOrDefault(chunkType, -1);
    return row < 0 ? state : TABLE[direction.ordinal()][row * STATES + state.ordinal()];
  }

  private static SctpState[] compile(String rows) {
    List<String> cells = Splitter.onPattern("\\s+").omitEmptyStrings().splitToList(rows);
    return cells.stream().map(SctpTransitions::state).toArray(SctpState[]::new);
  }

  private static SctpState state(String cell) {
    return switch (cell) {
      case "CL" -> SctpState.CLOSED;
      case "CW" -> SctpState.COOKIE_WAIT;
      case "CE" -> SctpState.COOKIE_ECHOED;
      case "ES" -> SctpState.ESTABLISHED;
      case "SS" -> SctpState.SHUTDOWN_SENT;
      case "SR" -> SctpState.SHUTDOWN_RECD;
      case "SA" -> SctpState.SHUTDOWN_ACK_SENT;
      case "HS" -> SctpState.HEARTBEAT_SENT;
      default -> SctpState.INVALID;
    };
  }
}
