package dev.packetpath.cli.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.ipvs.KernelFlavour;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A scenario may say anything: it is run, or what is wrong with it is told. */
final class ScenarioRobustnessProperties {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String SOUND =
      """
      {"scenarios": [
       {"id": "a", "seed": 3, "ticks": {"hz": 100, "at": 5},
        "service": {"kind": "tcp", "vip": "10.0.0.1", "port": 80, "sched": "mh",
         "schedFlags": "mh-port", "persist": {"timeout": 50, "netmask": "255.255.0.0"},
         "ops": false},
        "sysctl": {"conn_reuse_mode": 1, "drop_entry": 3},
        "steps": [
         {"op": "add", "rs": "10.1.0.1:80", "w": 3, "fwd": "m", "u": 3, "l": 1},
         {"op": "add", "rs": "[fd00::1]:80", "w": 3, "fwd": "i"},
         {"op": "new", "cid": 1, "src": "10.2.0.1:4000", "dst": "10.0.0.1:80", "flags": "S"},
         {"op": "pkt", "cid": 1, "dir": "out", "flags": "SA"},
         {"op": "edit", "rs": "10.1.0.1:80", "w": 0, "fwd": "m"},
         {"op": "sysctl", "name": "sloppy_tcp", "value": 1},
         {"op": "sleep", "s": 70, "expired": [1]},
         {"op": "del", "rs": "10.1.0.1:80"},
         {"op": "new", "cid": 2, "src": "10.2.0.1:4000", "dst": "10.0.0.1:80"}]},
       {"id": "b",
        "service": {"kind": "fwm", "mark": 7, "net": "fd00:9::/64", "sched": "lblcr",
         "persist": 300},
        "steps": [
         {"op": "add", "rs": "[fd00::1]:0", "w": 3, "fwd": "g"},
         {"op": "new", "cid": 1, "src": "[fd00::2]:4000", "dst": "[fd00:9::1]:9", "proto": "sctp"},
         {"op": "pkt", "cid": 1, "dir": "in", "chunk": 10},
         {"op": "sleep", "s": 1000}]}],
       "tcpStates": {"secure_tcp": 0, "sequences": [
        {"fwd": "route", "steps": [{"dir": "in", "flags": "S"}, {"dir": "out", "flags": "SA"}]}]}}
      """;

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "1",
          "7",
          "65535",
          "70000",
          "4294967295",
          "1e300",
          "0.5",
          "\"\"",
          "\"x\"",
          "\"-1\"",
          "\"0.0.0.0:0\"",
          "\"[::]:0\"",
          "\"10.0.0.1\"",
          "\"udp\"",
          "\"sctp\"",
          "\"rr\"",
          "\"twos\"",
          "\"lblc\"",
          "\"A\"",
          "\"255.255.255.0\"",
          "[]",
          "{}",
          "[1, null, \"x\"]",
          "{\"timeout\": 5}");

  @Property(tries = 400)
  void aChangedScenarioIsRunOrComplainedOf(@ForAll @IntRange(max = 1_000_000) int seed)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ObjectNode file = (ObjectNode) JSON.readTree(SOUND);
    for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
      change(file, random);
    }
    String changed = file.toString();
    List<String> problems = new ArrayList<>();
    try {
      problems.addAll(IpvsReplayCommand.fillIn("file", file, KernelFlavour.TOTAL_CONNECTIONS));
    } catch (IllegalArgumentException e) {
      problems.add(e.getMessage());
    }
    assertThat(problems)
        .as(changed)
        .allSatisfy(problem -> assertThat(problem).startsWith("file: ").contains(": found "));
  }

  /** Puts another value for one of the file's, or takes one out. */
  private static void change(JsonNode file, SplittableRandom random) throws IOException {
    List<JsonNode> containers = new ArrayList<>();
    collect(file, containers);
    if (containers.isEmpty()) {
      return;
    }
    JsonNode container = containers.get(random.nextInt(containers.size()));
    JsonNode value = JSON.readTree(VALUES.get(random.nextInt(VALUES.size())));
    if (container instanceof ObjectNode object) {
      List<String> fields = new ArrayList<>();
      object.fieldNames().forEachRemaining(fields::add);
      String field = fields.get(random.nextInt(fields.size()));
      if (random.nextInt(4) == 0) {
        object.remove(field);
      } else {
        object.set(field, value);
      }
    } else {
      ((ArrayNode) container).set(random.nextInt(container.size()), value);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainerNode() && !node.isEmpty()) {
      containers.add(node);
      node.forEach(child -> collect(child, containers));
    }
  }
}
