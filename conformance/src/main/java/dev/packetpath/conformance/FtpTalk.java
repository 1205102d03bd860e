package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A control connection of FTP that announces data connections, and those. What it announces has the
 * same length after NAT, because sequence numbers are not adjusted.
 */
final class FtpTalk {
  private static final int WINDOW = 60_000;
  private static final int FIRST_DATA_PORT = 30_000;

  private final Random random;
  private final TalkEnds ends;
  private final List<TalkPacket> sent = new ArrayList<>();
  private final long[] next = {1000, 5000};
  private long nowMs;

  private FtpTalk(Random random, TalkEnds ends, long fromMs) {
    this.random = random;
    this.ends = ends;
    this.nowMs = fromMs;
  }

  /** Returns what the two ends send, in order. */
  static List<TalkPacket> draw(Random random, TalkEnds ends, long fromMs) {
    FtpTalk talk = new FtpTalk(random, ends, fromMs);
    talk.say(0, "S", "");
    talk.say(1, "SA", "");
    talk.say(0, "A", "");
    talk.say(1, "PA", "220 ready\r\n");
    talk.say(0, "PA", "USER x\r\n");
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      talk.announce(FIRST_DATA_PORT + ends.port() + 500 * i);
    }
    if (random.nextBoolean()) {
      talk.say(0, "FA", "");
      talk.say(1, "FA", "");
      talk.say(0, "A", "");
    }
    return talk.sent;
  }

  private void announce(int port) {
    boolean active = ends.v4() && ends.clientSeen().equals(ends.client());
    boolean passive = ends.v4() && ends.destination().equals(ends.server());
    switch (random.nextInt(4)) {
      case 0 -> {
        if (active) {
          say(0, "PA", "PORT " + numbers(ends.client(), port) + "\r\n");
          data(1, port);
        }
      }
      case 1 -> {
        if (active) {
          say(0, "PA", "EPRT |1|" + ends.client() + "|" + port + "|\r\n");
          data(1, port);
        }
      }
      case 2 -> {
        if (passive) {
          say(1, "PA", "227 Entering Passive Mode (" + numbers(ends.server(), port) + ").\r\n");
          data(0, port);
        }
      }
      default -> {
        say(1, "PA", "229 Entering Extended Passive Mode (|||" + port + "|)\r\n");
        data(0, port);
      }
    }
  }

  private static String numbers(String address, int port) {
    return address.replace('.', ',') + "," + (port >> 8) + "," + (port & 0xff);
  }

  /** The first packet of a data connection, twice; to the client from port 20. */
  private void data(int from, int port) {
    TalkEnds data = from == 0 ? ends.withData(ends.port() + 500, port) : ends.withData(port, 20);
    for (int i = 0; i < 2; i++) {
      nowMs += random.nextInt(300);
      ObjectNode packet = data.packet(from == 0, "tcp");
      sent.add(new TalkPacket(nowMs, packet.put("flags", "S").put("seq", 7).put("window", WINDOW)));
    }
  }

  private void say(int from, String flags, String line) {
    nowMs += random.nextInt(300);
    ObjectNode packet = ends.packet(from == 0, "tcp");
    byte[] text = line.getBytes(StandardCharsets.US_ASCII);
    packet.put("flags", flags).put("seq", next[from]).put("window", WINDOW);
    packet.put("ack", flags.equals("S") ? 0 : next[1 - from]);
    packet.put("payload", BaseEncoding.base16().lowerCase().encode(text));
    sent.add(new TalkPacket(nowMs, packet));
    next[from] += text.length + (flags.indexOf('S') >= 0 || flags.indexOf('F') >= 0 ? 1 : 0);
  }
}
