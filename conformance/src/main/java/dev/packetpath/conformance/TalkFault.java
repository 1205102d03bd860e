package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A way to make connection tracking wrong, to see that the comparison of conversations finds it.
 */
enum TalkFault {
  /** Nothing is wrong. */
  NONE,
  /** TIME_WAIT lasts a second longer. */
  TIME_WAIT,
  /** Established connections last a second longer. */
  ESTABLISHED,
  /** Segments out of the window pass, or do not, the other way round. */
  LIBERAL,
  /** Connections are picked up in their middle, or are not, the other way round. */
  LOOSE,
  /** One more repetition is waited for. */
  RETRANSMISSIONS,
  /** Each tenth packet is not seen. */
  LOSS,
  /** The clock is a second late after three. */
  CLOCK,
  /** A connection's packets are counted once too often. */
  COUNTER,
  /** A connection is assured that is not. */
  ASSURED,
  /** The reply tuple has another port. */
  REPLY;

  private static final String PREFIX = "net.netfilter.nf_conntrack_tcp_";
  private static final long SECOND_NS = 1_000_000_000L;
  private static final int EACH = 10;

  /** Changes the settings that the models are given. */
  ObjectNode spoilQuestion(ObjectNode vector) {
    ObjectNode settings = (ObjectNode) vector.path("sysctls");
    switch (this) {
      case TIME_WAIT -> add(settings, "timeout_time_wait", 1);
      case ESTABLISHED -> add(settings, "timeout_established", 1);
      case LIBERAL -> turn(settings, "be_liberal");
      case LOOSE -> turn(settings, "loose");
      case RETRANSMISSIONS -> add(settings, "max_retrans", 1);
      default -> {}
    }
    return vector;
  }

  /** Gives the models a packet, the number {@code index} of all; returns nothing if it is lost. */
  ObjectNode step(TalkModel model, JsonNode packet, long timeNs, int index) {
    if (this == LOSS && index % EACH == EACH - 1) {
      return ((ObjectNode) packet).objectNode();
    }
    boolean late = this == CLOCK && timeNs > 3 * SECOND_NS;
    return model.step(packet, late ? timeNs - SECOND_NS : timeNs);
  }

  /** Changes what the models answered. */
  ObjectNode spoilAnswer(ObjectNode step) {
    if (step.path("connections").isEmpty()) {
      return step;
    }
    ObjectNode entry = (ObjectNode) step.path("connections").path(0);
    switch (this) {
      case COUNTER -> add(entry, "", "orig_packets", 1);
      case ASSURED -> entry.withArray("status").add("ASSURED");
      case REPLY -> add((ObjectNode) entry.path("reply"), "", "sport", 1);
      default -> {}
    }
    return step;
  }

  private static void add(ObjectNode settings, String name, int by) {
    add(settings, PREFIX, name, by);
  }

  private static void add(ObjectNode json, String prefix, String name, int by) {
    json.put(prefix + name, json.path(prefix + name).asLong() + by);
  }

  private static void turn(ObjectNode settings, String name) {
    settings.put(PREFIX + name, 1 - settings.path(PREFIX + name).asInt());
  }
}
