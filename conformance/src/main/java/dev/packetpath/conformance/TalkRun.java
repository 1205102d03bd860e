package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import dev.packetpath.core.VirtualClock;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Conversations on the live kernel and on the models, in the kernel's own time, compared after each
 * packet: what came out, and the connection's tuples, status, state, timeout, mark and counters;
 * what {@code conntrack -S} counted and what {@code conntrack -E} told. Belongs to one thread.
 *
 * <p>A conversation is left out, and its packets counted, from where one of them was not handled
 * within one tick of the kernel, or got a port by chance.
 */
final class TalkRun {
  private final KernelLab lab;
  private final PrintStream out;
  private final TalkFault fault;
  private final Set<String> transitions = new TreeSet<>();
  private int conversations;
  private int expected;
  private int adjusted;
  private int packets;
  private int leftOut;
  private int unrepeated;
  private int disagreements;

  TalkRun(KernelLab lab, PrintStream out, TalkFault fault) {
    this.lab = lab;
    this.out = out;
    this.fault = fault;
  }

  /**
   * Compares the conversations of a seed; prints the disagreements. What is gone when asked again
   * proves nothing: on a busy machine a tick may be counted late.
   *
   * @param talks how many
   * @param seconds how long they take
   * @return whether kernel and models agree
   * @throws IOException if the laboratory failed
   */
  boolean agrees(long seed, int talks, int seconds) throws IOException {
    ObjectNode vector = TalkScript.draw(seed, talks, seconds);
    conversations += talks;
    Map<Integer, String> wrong = differences(vector, new TalkRecording());
    if (!wrong.isEmpty() && fault == TalkFault.NONE) {
      Map<Integer, String> again = differences(vector, new TalkRecording());
      unrepeated += Sets.difference(wrong.keySet(), again.keySet()).size();
      wrong.keySet().retainAll(again.keySet());
      wrong.forEach((talk, report) -> out.println("seed " + seed + ", " + report));
    }
    disagreements += wrong.size();
    return wrong.isEmpty();
  }

  /**
   * Writes down what the kernel does with the conversations of a seed, save those in which the
   * models disagree.
   *
   * @throws IOException if the laboratory failed, or the recording cannot be written
   */
  void record(long seed, int talks, int seconds, Writer to) throws IOException {
    ObjectNode vector = TalkScript.draw(seed, talks, seconds);
    TalkRecording recording = new TalkRecording();
    Map<Integer, String> wrong = differences(vector, recording);
    conversations += talks;
    disagreements += wrong.size();
    recording.write(vector.path("sysctls"), wrong.keySet(), to);
  }

  /** Returns a report for the number of each conversation that differs. */
  private Map<Integer, String> differences(ObjectNode vector, TalkRecording recording)
      throws IOException {
    JsonNode answer = lab.watch(vector.deepCopy());
    TalkModel model = new TalkModel(fault.spoilQuestion(vector.deepCopy()));
    Set<Integer> left = new HashSet<>();
    Map<Integer, String> wrong = new TreeMap<>();
    for (int i = 0; i < vector.path("packets").size(); i++) {
      JsonNode packet = vector.path("packets").path(i);
      JsonNode kernel = answer.path("steps").path(i);
      int talk = packet.path("talk").asInt();
      int draws = model.draws();
      ObjectNode step = fault.step(model, packet, ns(kernel.path("time")), i);
      if (kernel.has("split") || model.draws() > draws) {
        left.add(talk);
      }
      if (left.contains(talk) || step.isEmpty()) {
        leftOut++;
        continue;
      }
      packets++;
      note(packet, kernel);
      recording.add(packet, kernel);
      ImmutableList<String> found =
          Differences.between(compared(kernel), compared(fault.spoilAnswer(step)));
      if (!found.isEmpty() && !wrong.containsKey(talk)) {
        wrong.put(talk, report(talk, i, vector, answer, found));
      }
    }
    return wrong;
  }

  private static long ns(JsonNode seconds) {
    return Math.round(seconds.asDouble() * VirtualClock.NS_PER_SECOND);
  }

  /**
   * A step as a vector of one packet. When the kernel tells that the time of an entry is over is
   * its own affair.
   */
  private static ObjectNode compared(JsonNode step) {
    ObjectNode vector = JsonNodeFactory.instance.objectNode();
    ObjectNode packet = vector.putArray("packets").addObject();
    packet.putObject("result").set("counted", step.path("counted"));
    ObjectNode result = packet.withObjectProperty("result");
    result.setAll((ObjectNode) step.path("result"));
    ArrayNode events = result.putArray("events");
    for (JsonNode event : step.path("events")) {
      boolean ended = event.path("event").asText().equals("DESTROY");
      if (!ended || event.path("timeout_ceil").asLong() > 0) {
        events.add(event);
      }
    }
    return vector.set("conntrack", step.path("connections"));
  }

  /** Takes down which packet met which state, and what it became. */
  private void note(JsonNode packet, JsonNode kernel) {
    JsonNode entry = kernel.path("connections").path(0);
    for (JsonNode bit : entry.path("status")) {
      expected += bit.asText().equals("EXPECTED") ? 1 : 0;
      adjusted += bit.asText().equals("SEQ_ADJUST") ? 1 : 0;
    }
    if (packet.path("proto").asText().equals("tcp")) {
      transitions.add(
          packet.path("inject").asText()
              + " "
              + packet.path("flags").asText()
              + " > "
              + entry.path("tcp_state").asText("-"));
    }
  }

  private static String report(
      int talk, int last, ObjectNode vector, JsonNode answer, ImmutableList<String> differences) {
    StringBuilder report = new StringBuilder();
    report.append("conversation ").append(talk).append(": kernel and models disagree\n");
    report.append("  ").append(vector.path("sysctls")).append('\n');
    for (int i = 0; i <= last; i++) {
      JsonNode packet = vector.path("packets").path(i);
      if (packet.path("talk").asInt() == talk) {
        JsonNode step = answer.path("steps").path(i);
        JsonNode entry = step.path("connections").path(0);
        report.append("  ").append(step.path("time")).append(' ').append(packet);
        report.append(" -> ").append(entry.path("tcp_state").asText());
        report.append(' ').append(entry.path("timeout_ceil")).append(entry.path("status"));
        report.append(step.path("result").path("emitted").isEmpty() ? " dropped\n" : "\n");
      }
    }
    differences.forEach(line -> report.append("  ! ").append(line).append('\n'));
    return report.toString();
  }

  /** Returns how many conversations, and the statistics of a run, disagreed. */
  int disagreements() {
    return disagreements;
  }

  /** Returns which TCP flags came from where and what state the connection had then, as a table. */
  String coverage() {
    return transitions.size() + " steps of TCP: " + String.join(", ", transitions);
  }

  /** Returns how many packets were of connections that a helper announced. */
  int expected() {
    return expected;
  }

  /** Returns how many packets were of connections whose sequence numbers NAT moves. */
  int adjusted() {
    return adjusted;
  }

  /** Returns how many different steps of TCP were seen. */
  int steps() {
    return transitions.size();
  }

  /**
   * Returns {@code conversations C, packets P, left out L, not there when asked again N,
   * disagreements D}.
   */
  String summary() {
    return "conversations "
        + conversations
        + ", packets "
        + packets
        + ", left out "
        + leftOut
        + ", not there when asked again "
        + unrepeated
        + ", disagreements "
        + disagreements;
  }
}
