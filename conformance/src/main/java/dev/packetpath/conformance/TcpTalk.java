package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The segments that the two ends of a TCP connection send: opened in one of several ways, some
 * data, and closed in whatever order; now and then the same ports are used once more.
 */
final class TcpTalk {
  private static final String MSS = "020405b4";
  static final String SACK_PERMITTED = "04020101";

  /** What the ends may do to close a connection. */
  private enum Closing {
    CLIENT_FIN,
    SERVER_FIN,
    CLIENT_ACK,
    SERVER_ACK,
    CLIENT_DATA,
    SERVER_DATA,
    CLIENT_RST,
    SERVER_RST
  }

  private static final Closing[] CLOSINGS = Closing.values();

  private final Random random;
  private final TalkEnds ends;
  private final List<TalkPacket> sent = new ArrayList<>();

  /** Where each end is in its sequence, the client's first. */
  private final long[] next = new long[2];

  private long nowMs;

  private TcpTalk(Random random, TalkEnds ends, long fromMs) {
    this.random = random;
    this.ends = ends;
    this.nowMs = fromMs;
  }

  /** Returns what the two ends send, in order. */
  static List<TalkPacket> draw(Random random, TalkEnds ends, long fromMs) {
    TcpTalk talk = new TcpTalk(random, ends, fromMs);
    talk.begin();
    while (random.nextInt(3) == 0) {
      talk.begin();
    }
    return talk.sent;
  }

  private void begin() {
    next[0] = random.nextInt(5) == 0 ? 0xffff_ff00L : random.nextInt() & 0xffff_ffffL;
    next[1] = random.nextInt() & 0xffff_ffffL;
    if (open()) {
      for (int turns = random.nextInt(5); turns > 0; turns--) {
        exchange(random.nextInt(2));
      }
      close();
    }
  }

  /** Opens a connection; returns whether it is open. */
  private boolean open() {
    switch (random.nextInt(14)) {
      case 0 -> { // nobody answers
        for (int i = random.nextInt(4); i >= 0; i--) {
          send(0, "S", 0);
          next[0]--;
        }
        return false;
      }
      case 1 -> { // refused
        send(0, "S", 0);
        send(1, "RA", 0);
        return false;
      }
      case 2 -> { // half open: the client never answers
        send(0, "S", 0);
        for (int i = random.nextInt(3); i >= 0; i--) {
          send(1, "SA", 0);
          next[1]--;
        }
        return false;
      }
      case 3 -> { // both at the same time
        long client = next[0];
        long server = next[1];
        segment(0, "S", client, 0, 0);
        segment(1, "S", server, 0, 0);
        segment(0, "SA", client, server + 1, 0);
        segment(1, "SA", server, client + 1, 0);
        next[0]++;
        next[1]++;
        return true;
      }
      case 4 -> { // picked up in its middle
        return true;
      }
      default -> {
        send(0, "S", 0);
        send(1, "SA", 0);
        send(0, "A", 0);
        return true;
      }
    }
  }

  /** One end says something and the other acknowledges it. */
  private void exchange(int from) {
    int pieces = 1 + random.nextInt(2);
    for (int i = 0; i < pieces; i++) {
      send(from, "PA", 1 + random.nextInt(1400));
    }
    if (random.nextInt(12) == 0) {
      segment(from, "S", next[from] - 1000, 0, 0); // as an end that lost its memory
    }
    send(1 - from, "A", 0);
  }

  private void close() {
    List<Closing> steps = new ArrayList<>();
    if (random.nextInt(5) > 0) {
      steps.addAll(
          List.of(Closing.CLIENT_FIN, Closing.SERVER_FIN, Closing.CLIENT_ACK, Closing.SERVER_ACK));
      for (int swaps = random.nextInt(4); swaps > 0; swaps--) {
        Collections.swap(steps, random.nextInt(4), random.nextInt(4));
      }
    }
    for (int more = random.nextInt(4); more > 0; more--) {
      steps.add(random.nextInt(steps.size() + 1), CLOSINGS[random.nextInt(CLOSINGS.length)]);
    }
    steps.forEach(this::closing);
  }

  private void closing(Closing step) {
    switch (step) {
      case CLIENT_FIN -> send(0, "FA", 0);
      case SERVER_FIN -> send(1, "FA", 0);
      case CLIENT_ACK -> send(0, "A", 0);
      case SERVER_ACK -> send(1, "A", 0);
      case CLIENT_DATA -> send(0, "PA", 1 + random.nextInt(300));
      case SERVER_DATA -> send(1, "PA", 1 + random.nextInt(300));
      case CLIENT_RST -> reset(0);
      case SERVER_RST -> reset(1);
    }
  }

  private void reset(int from) {
    if (random.nextBoolean()) {
      send(from, "RA", 0);
    } else {
      segment(from, "R", next[from], 0, 0);
    }
  }

  private void send(int from, String flags, int length) {
    boolean acknowledges = flags.indexOf('A') >= 0;
    segment(from, flags, next[from], acknowledges ? next[1 - from] : 0, length);
    boolean counts = flags.indexOf('S') >= 0 || flags.indexOf('F') >= 0;
    next[from] += length + (counts ? 1 : 0);
  }

  private void segment(int from, String flags, long sequence, long acknowledgment, int length) {
    nowMs += gapMs();
    ObjectNode packet = ends.packet(from == 0, "tcp");
    packet.put("flags", flags).put("len", length);
    packet.put("seq", sequence & 0xffff_ffffL).put("ack", acknowledgment & 0xffff_ffffL);
    packet.put("window", random.nextInt(15) == 0 ? 0 : 300 + random.nextInt(0xffff - 300));
    if (flags.indexOf('S') >= 0) {
      packet.put("tcpOptions", offer());
    } else if (random.nextInt(15) == 0) {
      long left = acknowledgment + random.nextInt(2000);
      packet.put("tcpOptions", String.format("0101050a%08x%08x", word(left), word(left + 500)));
    }
    sent.add(new TalkPacket(nowMs, packet));
  }

  private static int word(long value) {
    return (int) value;
  }

  private String offer() {
    return MSS
        + (random.nextBoolean() ? SACK_PERMITTED : "")
        + (random.nextBoolean() ? String.format("0303%02x01", random.nextInt(16)) : "");
  }

  private long gapMs() {
    int draw = random.nextInt(20);
    return draw < 14
        ? random.nextInt(100)
        : draw < 18 ? random.nextInt(900) : 1000 + random.nextInt(4000);
  }
}
