package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Loses, repeats, delays and spoils the packets of a conversation on their way to the node. */
final class BadNetwork {
  private static final String[] STRANGE_FLAGS = {"", "F", "SF", "SR", "SA", "S", "RA", "U", "PA"};

  private BadNetwork() {}

  /** Returns what arrives, in no order. */
  static List<TalkPacket> deliver(Random random, List<TalkPacket> sent) {
    List<TalkPacket> arrived = new ArrayList<>();
    for (TalkPacket packet : sent) {
      switch (random.nextInt(20)) {
        case 0 -> {} // lost
        case 1 -> arrived.add(packet.later(200 + random.nextInt(1500))); // lost and sent again
        case 2, 3 -> { // lost behind the node, or its answer, and sent again
          arrived.add(packet);
          arrived.add(packet.later(200 + random.nextInt(1500)));
        }
        case 4 -> { // sent again three times
          for (int i = 0; i < 4; i++) {
            arrived.add(packet.later(300L * i));
          }
        }
        case 5 -> { // doubled
          arrived.add(packet);
          arrived.add(packet.later(random.nextInt(60)));
        }
        case 6, 7 -> arrived.add(packet.later(random.nextInt(700))); // overtaken
        case 8 -> {
          arrived.add(packet);
          arrived.add(new TalkPacket(packet.atMs() + random.nextInt(100), spoilt(random, packet)));
        }
        default -> arrived.add(packet);
      }
    }
    return arrived;
  }

  /** A packet like another that no honest end would have sent. */
  private static ObjectNode spoilt(Random random, TalkPacket packet) {
    ObjectNode spoilt = packet.packet().deepCopy();
    if (!spoilt.path("proto").asText().equals("tcp")) {
      return spoilt.put("bad_csum", true);
    }
    switch (random.nextInt(5)) {
      case 0 -> spoilt.put("flags", STRANGE_FLAGS[random.nextInt(STRANGE_FLAGS.length)]);
      case 1 -> shift(spoilt, "seq", random);
      case 2 -> shift(spoilt, "ack", random);
      case 3 -> spoilt.put("window", random.nextBoolean() ? 0 : 1 + random.nextInt(0xffff));
      default -> spoilt.put("bad_csum", true);
    }
    return spoilt;
  }

  private static void shift(ObjectNode packet, String field, Random random) {
    int bits = 1 + random.nextInt(31);
    long by = random.nextInt() >> (31 - bits);
    packet.put(field, packet.path(field).asLong() + by & 0xffff_ffffL);
  }
}
