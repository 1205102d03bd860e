package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A way to make the models wrong, to see that the comparison finds it. */
@SuppressWarnings("ImmutableEnumChecker") // functions without state
enum Fault {
  /** Nothing is wrong. */
  NONE(UnaryOperator.identity(), answer -> {}),
  /** A goto comes back like a jump. */
  GOTO_AS_JUMP(rules -> rules.replace(" -g ", " -j "), answer -> {}),
  /** A RETURN accepts. */
  RETURN_AS_ACCEPT(rules -> rules.replace("-j RETURN", "-j ACCEPT"), answer -> {}),
  /** A connection is no longer new after its first packet's reply. */
  NEW_AS_ESTABLISHED(rules -> rules.replace("state NEW", "state ESTABLISHED"), answer -> {}),
  /** A mark gets other bits than the rule says. */
  WRONG_MARK(
      rules -> rules.replace("--set-mark 0x1", "--set-mark 0x2").replace("0x10/0xf0", "0x20/0xf0"),
      answer -> {}),
  /** A rule counts one packet too many. */
  COUNTER(UnaryOperator.identity(), answer -> bump(answer, "matched", 1)),
  /** A rule is evaluated once too often. */
  EVALUATED(UnaryOperator.identity(), answer -> bump(answer, "evaluated", 1)),
  /** A policy counts one packet too many. */
  POLICY(UnaryOperator.identity(), answer -> bump(answer, "policy_packets", 1)),
  /** The reply tuple has another port. */
  NAT_TUPLE(UnaryOperator.identity(), answer -> bumpIn(answer, "reply", "dport")),
  /** A connection lives a second too long. */
  TIMEOUT(UnaryOperator.identity(), Fault::longerTimeout),
  /** A TCP connection is in another state. */
  TCP_STATE(UnaryOperator.identity(), Fault::otherState),
  /** A forwarded packet keeps its time to live. */
  TTL(UnaryOperator.identity(), answer -> bumpIn(answer, "pkt", "ttl")),
  /** A local sender is not told of a drop. */
  ERRNO(UnaryOperator.identity(), Fault::noErrno);

  private final UnaryOperator<String> rules;
  private final Consumer<JsonNode> answer;

  Fault(UnaryOperator<String> rules, Consumer<JsonNode> answer) {
    this.rules = rules;
    this.answer = answer;
  }

  /** Changes the rules that the models are given. */
  ObjectNode spoilQuestion(ObjectNode vector) {
    for (String field : List.of("ruleset", "ruleset6")) {
      vector.put(field, rules.apply(vector.path(field).asText()));
    }
    return vector;
  }

  /** Changes what the models answered. */
  ObjectNode spoilAnswer(ObjectNode completed) {
    answer.accept(completed);
    return completed;
  }

  private static void bump(JsonNode tree, String field, int by) {
    for (JsonNode parent : tree.findParents(field)) {
      ((ObjectNode) parent).put(field, parent.path(field).asLong() + by);
    }
  }

  private static void bumpIn(JsonNode tree, String parent, String field) {
    for (JsonNode inside : tree.findValues(parent)) {
      if (inside.has(field)) {
        ((ObjectNode) inside).put(field, inside.path(field).asLong() + 1);
      }
    }
  }

  private static void longerTimeout(JsonNode answer) {
    bump(answer.path("conntrack"), "timeout_ceil", 1);
    bump(answer.path("conntrack"), "timeout_least", 1);
  }

  private static void otherState(JsonNode tree) {
    for (JsonNode parent : tree.findParents("tcp_state")) {
      ((ObjectNode) parent).put("tcp_state", "LISTEN");
    }
  }

  private static void noErrno(JsonNode tree) {
    for (JsonNode parent : tree.findParents("errno")) {
      ((ObjectNode) parent).remove("errno");
    }
  }
}
