package dev.packetpath.conntrack;

import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * The helper of FTP: data connections that a control connection announces are expected, and NAT
 * rewrites the announcement (net/netfilter/nf_conntrack_ftp.c and nf_nat_ftp.c, Linux 6.1).
 *
 * <p>Only lines are read that begin where an earlier packet of their direction ended one.
 */
final class FtpHelper implements ConntrackHelper {
  private static final int REMEMBERED = 2;
  private static final int DIRECTIONS = 2;

  /** Where lines begin in the sequences of both directions. */
  private static final class LineStarts {
    private final int[][] starts = new int[DIRECTIONS][REMEMBERED];
    private final int[] count = new int[DIRECTIONS];

    boolean isStart(Direction direction, int sequence) {
      int[] known = starts[direction.ordinal()];
      for (int i = 0; i < count[direction.ordinal()]; i++) {
        if (known[i] == sequence) {
          return true;
        }
      }
      return false;
    }

    /** Remembers the two latest. */
    void add(Direction direction, int sequence) {
      int of = direction.ordinal();
      int[] known = starts[of];
      if (isStart(direction, sequence)) {
        return;
      }
      if (count[of] < REMEMBERED) {
        known[count[of]++] = sequence;
        return;
      }
      int oldest = known[0] - known[1] < 0 ? 0 : 1;
      if (sequence - known[oldest] > 0) {
        known[oldest] = sequence;
      }
    }
  }

  private final IdentityHashMap<Connection, LineStarts> lines = new IdentityHashMap<>();

  @Override
  public String name() {
    return "ftp";
  }

  @Override
  public int protocol() {
    return IpProtocol.TCP;
  }

  @Override
  public int maxExpected() {
    return 1;
  }

  @Override
  public long timeoutSeconds() {
    return 300;
  }

  @Override
  public void forget(Connection connection) {
    lines.remove(connection);
  }

  @Override
  public Verdict help(
      Packet packet, Connection connection, Direction direction, Expectations expectations) {
    byte[] payload = packet.payload();
    if (payload.length == 0) {
      return Verdict.ACCEPT;
    }
    LineStarts starts = lines.computeIfAbsent(connection, same -> new LineStarts());
    int sequence = packet.tcpSequence();
    Verdict verdict = Verdict.ACCEPT;
    if (starts.isStart(direction, sequence)) {
      FtpCommand.Line line = FtpCommand.read(payload, direction == Direction.ORIGINAL);
      if (line.reading() == FtpCommand.Reading.PARTIAL) {
        return Verdict.DROP;
      }
      Optional<FtpCommand> command = line.command();
      if (command.isPresent()) {
        verdict = announce(packet, connection, direction, command.get(), expectations);
      }
    }
    if (payload[payload.length - 1] == '\n') {
      starts.add(direction, sequence + payload.length);
    }
    return verdict;
  }

  /** Expects the connection that a command announces, unless it is to somebody else. */
  private static Verdict announce(
      Packet packet,
      Connection connection,
      Direction direction,
      FtpCommand command,
      Expectations expectations) {
    Tuple sent = connection.tuple(direction);
    Tuple answers = connection.tuple(direction.opposite());
    boolean own =
        command.form() == FtpCommand.Form.EXTENDED_PASSIVE
            || command.address().equals(sent.source());
    if (!own) {
      return Verdict.ACCEPT;
    }
    Expectation expectation =
        new Expectation(
            answers.source(),
            answers.destination(),
            command.port(),
            connection,
            direction.opposite(),
            command.port());
    if (!connection.hasAny(ConnectionStatus.NAT_MASK)) {
      return expectations.add(expectation) ? Verdict.ACCEPT : Verdict.DROP;
    }
    for (int port = command.port(); port <= 0xffff; port++) {
      if (expectations.add(expectation.withDestinationPort(port))) {
        String text = command.form().text(answers.destination(), port);
        MangledText.replace(
            packet,
            direction,
            command.begin(),
            command.end(),
            text.getBytes(StandardCharsets.US_ASCII));
        return Verdict.ACCEPT;
      }
    }
    return Verdict.DROP;
  }
}
