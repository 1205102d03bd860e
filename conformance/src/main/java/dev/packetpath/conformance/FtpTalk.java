package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.BaseEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A control connection of FTP that announces data connections, and those. NAT gives many of the
 * announcements another length, so each end acknowledges what it got instead of what was sent.
 */
final class FtpTalk {
  private static final int WINDOW = 60_000;
  private static final int FIRST_DATA_PORT = 30_000;

  private final Random random;
  private final TalkEnds ends;
  private final List<TalkPacket> sent = new ArrayList<>();
  private final long[] next = new long[2];

  /** How much longer NAT made what each end has said. */
  private final long[] longer = new long[2];

  private long nowMs;

  private FtpTalk(Random random, TalkEnds ends, long fromMs) {
    this.random = random;
    this.ends = ends;
    this.nowMs = fromMs;
    for (int from = 0; from < 2; from++) {
      next[from] = random.nextInt(3) == 0 ? 0xffff_ffe0L : 1000 + 4000L * from;
    }
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
      talk.say(random.nextInt(2), "PA", "200 NOOP\r\n");
      talk.acknowledge(random.nextInt(2));
      if (random.nextBoolean()) {
        talk.repeat();
      }
    }
    if (random.nextBoolean()) {
      talk.say(0, "FA", "");
      talk.say(1, "FA", "");
      talk.say(0, "A", "");
    }
    return talk.sent;
  }

  private void announce(int port) {
    switch (ends.v4() ? random.nextInt(4) : 3) {
      case 0 -> {
        say(0, "PA", "PORT " + numbers(ends.client(), port) + "\r\n");
        longer[0] +=
            numbers(ends.clientSeen(), port).length() - numbers(ends.client(), port).length();
        data(1, port);
      }
      case 1 -> {
        say(0, "PA", "EPRT |1|" + ends.client() + "|" + port + "|\r\n");
        longer[0] += ends.clientSeen().length() - ends.client().length();
        data(1, port);
      }
      case 2 -> {
        say(1, "PA", "227 Entering Passive Mode (" + numbers(ends.server(), port) + ").\r\n");
        longer[1] += ends.destination().length() - ends.server().length();
        data(0, port);
      }
      default -> {
        say(1, "PA", "229 Entering Extended Passive Mode (|||" + port + "|)\r\n");
        data(0, port);
      }
    }
  }

  /** Sends one of the last segments once more. */
  private void repeat() {
    List<TalkPacket> control =
        sent.stream().filter(one -> one.packet().path("payload").asText().length() > 0).toList();
    TalkPacket again = control.get(Math.max(0, control.size() - 1 - random.nextInt(3)));
    nowMs += random.nextInt(300);
    sent.add(new TalkPacket(nowMs, again.packet()));
  }

  /** Acknowledges, and selectively what lies near the last announcement. */
  private void acknowledge(int from) {
    say(from, "A", "");
    long got = next[1 - from] + longer[1 - from] - random.nextInt(60);
    StringBuilder blocks = new StringBuilder();
    int count = 1 + random.nextInt(2);
    for (int i = 0; i < count; i++) {
      blocks.append(String.format("%08x%08x", (int) got, (int) got + 10));
      got += 10 + random.nextInt(10);
    }
    sent.get(sent.size() - 1)
        .packet()
        .put("tcpOptions", String.format("010105%02x%s", 2 + 8 * count, blocks));
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
    packet.put("flags", flags).put("seq", next[from] & 0xffff_ffffL).put("window", WINDOW);
    long got = next[1 - from] + longer[1 - from];
    packet.put("ack", flags.equals("S") ? 0 : got & 0xffff_ffffL);
    if (flags.indexOf('S') >= 0) {
      packet.put("tcpOptions", random.nextBoolean() ? TcpTalk.SACK_PERMITTED : "");
    }
    packet.put("payload", BaseEncoding.base16().lowerCase().encode(text));
    sent.add(new TalkPacket(nowMs, packet));
    next[from] += text.length + (flags.indexOf('S') >= 0 || flags.indexOf('F') >= 0 ? 1 : 0);
  }
}
