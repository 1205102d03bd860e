package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares a vector that the kernel completed with the same one that the models completed: results,
 * connections, sets, and the counters of the tables that the kernel's answer names. Each difference
 * is one line that names where it is and what both say.
 */
public final class Differences {
  private static final ImmutableSet<String> NOT_COMPARED =
      ImmutableSet.of("rule", "rulesTraversed", "work", "time", "timeout_least", "may_be_gone");

  /** What only an instrumented run of the kernel tells. */
  private static final ImmutableSet<String> OF_INSTRUMENTED_RUNS =
      ImmutableSet.of("evaluated", "fell_off_end");

  private final List<String> found = new ArrayList<>();

  private Differences() {}

  /** Returns the differences in results, counters and connections. */
  public static ImmutableList<String> between(JsonNode kernel, JsonNode model) {
    Differences differences = new Differences();
    for (int i = 0; i < kernel.path("packets").size(); i++) {
      differences.compare(
          "packet " + (i + 1),
          byPlace(kernel.path("packets").path(i).path("result")),
          byPlace(model.path("packets").path(i).path("result")));
    }
    for (String counters : List.of("counters", "counters6")) {
      for (Map.Entry<String, JsonNode> table : kernel.path(counters).properties()) {
        differences.compare(
            counters + "." + table.getKey(),
            table.getValue(),
            model.path(counters).path(table.getKey()));
      }
    }
    if (kernel.has("ipsetAfter")) {
      differences.found.addAll(SetDifferences.between(kernel, model));
    }
    differences.compareSorted(kernel.path("conntrack"), model.path("conntrack"));
    return ImmutableList.copyOf(differences.found);
  }

  /**
   * A result whose packets are in the order of where they came out. In what order two places saw
   * theirs is not known: the time that is told of a delivered packet is when it arrived.
   */
  private static JsonNode byPlace(JsonNode result) {
    if (result.path("emitted").size() < 2) {
      return result;
    }
    List<JsonNode> emitted = new ArrayList<>();
    result.path("emitted").forEach(emitted::add);
    emitted.sort(Comparator.comparing(one -> one.path("at").asText()));
    ObjectNode sorted = result.deepCopy();
    sorted.putArray("emitted").addAll(emitted);
    return sorted;
  }

  private void compareSorted(JsonNode kernel, JsonNode model) {
    List<JsonNode> expected = sorted(kernel);
    List<JsonNode> actual = sorted(model);
    Set<String> there = expected.stream().map(Differences::key).collect(Collectors.toSet());
    actual.removeIf(entry -> entry.path("may_be_gone").asBoolean() && !there.contains(key(entry)));
    for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
      if (i >= expected.size()) {
        found.add("conntrack: the kernel has no " + actual.get(i));
      } else if (i >= actual.size()) {
        found.add("conntrack: the model has no " + expected.get(i));
      } else {
        compare("conntrack " + expected.get(i).path("orig"), expected.get(i), actual.get(i));
      }
    }
  }

  private static List<JsonNode> sorted(JsonNode entries) {
    List<JsonNode> list = new ArrayList<>();
    entries.forEach(list::add);
    list.sort(Comparator.comparing(Differences::key));
    return list;
  }

  private static String key(JsonNode entry) {
    JsonNode tuple = entry.path("orig");
    return Stream.of("proto", "src", "dst", "sport", "dport", "id", "type")
        .map(field -> tuple.path(field).asText())
        .reduce(entry.path("zone").asText(), (a, b) -> a + " " + b);
  }

  private void compare(String where, JsonNode kernel, JsonNode model) {
    if (kernel.isObject() && model.isObject()) {
      for (Map.Entry<String, JsonNode> field : kernel.properties()) {
        if (field.getKey().equals("timeout_ceil")) {
          compareTimeout(where, field.getValue(), model);
        } else if (!NOT_COMPARED.contains(field.getKey()) && !field.getValue().isNull()) {
          compare(where + "." + field.getKey(), field.getValue(), model.path(field.getKey()));
        }
      }
      for (Iterator<String> i = model.fieldNames(); i.hasNext(); ) {
        String name = i.next();
        if (!kernel.has(name)
            && !NOT_COMPARED.contains(name)
            && !OF_INSTRUMENTED_RUNS.contains(name)) {
          found.add(where + "." + name + ": the kernel has none, the model " + model.get(name));
        }
      }
    } else if (kernel.isArray() && model.isArray() && kernel.size() == model.size()) {
      for (int i = 0; i < kernel.size(); i++) {
        compare(where + "[" + (i + 1) + "]", kernel.get(i), model.get(i));
      }
    } else if (!kernel.equals(model) && !sameNumber(kernel, model)) {
      found.add(where + ": the kernel has " + kernel + ", the model " + model);
    }
  }

  private void compareTimeout(String where, JsonNode kernel, JsonNode model) {
    long most = model.path("timeout_ceil").asLong();
    if (kernel.asLong() > most || kernel.asLong() < model.path("timeout_least").asLong(most)) {
      found.add(where + ".timeout_ceil: the kernel has " + kernel + ", the model " + most);
    }
  }

  private static boolean sameNumber(JsonNode kernel, JsonNode model) {
    return kernel.isIntegralNumber()
        && model.isIntegralNumber()
        && kernel.asLong() == model.asLong();
  }
}
