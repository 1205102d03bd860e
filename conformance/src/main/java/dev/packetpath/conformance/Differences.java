package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import com.google.common.collect.Streams;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares a vector that the kernel completed with the same one that the models completed: results,
 * connections, sets, and the counters of the tables that the kernel's answer names. Each difference
 * is one line that names where it is and what both say.
 */
public final class Differences {
  private static final ImmutableSet<String> NOT_COMPARED =
      ImmutableSet.of("rule", "rulesTraversed", "work");

  private final List<String> found = new ArrayList<>();

  private Differences() {}

  /** Returns the differences in results, counters and connections. */
  public static ImmutableList<String> between(JsonNode kernel, JsonNode model) {
    Differences differences = new Differences();
    for (int i = 0; i < kernel.path("packets").size(); i++) {
      differences.compare(
          "packet " + (i + 1),
          kernel.path("packets").path(i).path("result"),
          model.path("packets").path(i).path("result"));
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
      differences.compareSets(lines(kernel), lines(model));
    }
    differences.compareSorted(kernel.path("conntrack"), model.path("conntrack"));
    return ImmutableList.copyOf(differences.found);
  }

  private static ImmutableSortedSet<String> lines(JsonNode vector) {
    return Streams.stream(vector.path("ipsetAfter"))
        .map(JsonNode::asText)
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  private void compareSets(ImmutableSortedSet<String> kernel, ImmutableSortedSet<String> model) {
    Sets.difference(kernel, model).forEach(line -> found.add("sets: only the kernel has " + line));
    Sets.difference(model, kernel).forEach(line -> found.add("sets: only the model has " + line));
  }

  private void compareSorted(JsonNode kernel, JsonNode model) {
    List<JsonNode> expected = sorted(kernel);
    List<JsonNode> actual = sorted(model);
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
        if (!NOT_COMPARED.contains(field.getKey()) && !field.getValue().isNull()) {
          compare(where + "." + field.getKey(), field.getValue(), model.path(field.getKey()));
        }
      }
      for (Iterator<String> i = model.fieldNames(); i.hasNext(); ) {
        String name = i.next();
        if (!kernel.has(name) && !NOT_COMPARED.contains(name)) {
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

  private static boolean sameNumber(JsonNode kernel, JsonNode model) {
    return kernel.isIntegralNumber()
        && model.isIntegralNumber()
        && kernel.asLong() == model.asLong();
  }
}
