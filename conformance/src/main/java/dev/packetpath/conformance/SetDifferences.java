package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Sets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares the sets that the kernel saved with those of the models. Whole seconds that an element
 * has left are what the models say for a moment while the sets were read, and one more per second
 * that loading them took; of recordings that do not tell when they were read, within {@value
 * #UNTIMED_SLACK_SECONDS} seconds.
 */
final class SetDifferences {
  private static final Pattern TIMEOUT = Pattern.compile(" timeout (\\d+)");
  private static final int UNTIMED_SLACK_SECONDS = 2;

  private final ImmutableSortedMap<String, String> kernel;
  private final ImmutableSortedMap<String, String> model;
  private final ImmutableSortedMap<String, String> later;
  private final int earlierSlack;
  private final int laterSlack;

  private SetDifferences(JsonNode kernel, JsonNode model) {
    this.kernel = lines(kernel.path("ipsetAfter"));
    this.model = lines(model.path("ipsetAfter"));
    this.later = lines(model.path("ipsetLater"));
    JsonNode loaded = kernel.path("clock").path("setsLoadedAt");
    boolean timed = !loaded.isMissingNode();
    this.earlierSlack =
        timed
            ? (int) Math.ceil(loaded.path(1).asDouble() - loaded.path(0).asDouble())
            : UNTIMED_SLACK_SECONDS;
    this.laterSlack = timed ? 0 : UNTIMED_SLACK_SECONDS;
  }

  /** Returns the differences in the sets of a vector. */
  static ImmutableList<String> between(JsonNode kernel, JsonNode model) {
    return new SetDifferences(kernel, model).found();
  }

  /** The lines of saved sets, with what each element has left to live, "" if it has no end. */
  private static ImmutableSortedMap<String, String> lines(JsonNode saved) {
    ImmutableSortedMap.Builder<String, String> lines = ImmutableSortedMap.naturalOrder();
    for (JsonNode line : saved) {
      Matcher timeout = TIMEOUT.matcher(line.asText());
      lines.put(timeout.replaceAll(" timeout"), timeout.find(0) ? timeout.group(1) : "");
    }
    return lines.buildOrThrow();
  }

  private ImmutableList<String> found() {
    ImmutableList.Builder<String> found = ImmutableList.builder();
    Sets.difference(kernel.keySet(), model.keySet())
        .forEach(line -> found.add("sets: only the kernel has " + line));
    Sets.difference(model.keySet(), kernel.keySet()).stream()
        .filter(line -> !mayBeGone(line))
        .forEach(line -> found.add("sets: only the model has " + line));
    for (Map.Entry<String, String> element : kernel.entrySet()) {
      String line = element.getKey();
      String modelled = model.getOrDefault(line, element.getValue());
      if (!element.getValue().equals(modelled)
          && !isBetween(seconds(element.getValue()), seconds(modelled), line)) {
        found.add(
            "sets: " + line + ": the kernel has " + element.getValue() + ", the model " + modelled);
      }
    }
    return found.build();
  }

  private boolean isBetween(int left, int first, String line) {
    int last = later.containsKey(line) ? seconds(later.getOrDefault(line, "")) : 0;
    return left >= last - laterSlack && left <= first + earlierSlack;
  }

  /** An element that ended while the sets were read, or before they were where that is not told. */
  private boolean mayBeGone(String line) {
    String left = model.getOrDefault(line, "");
    return !later.containsKey(line) || (laterSlack > 0 && !left.isEmpty() && seconds(left) <= 1);
  }

  /** 0 of what has no end, which is so in the kernel and in the model or a difference. */
  private static int seconds(String left) {
    return left.isEmpty() ? 0 : Integer.parseInt(left);
  }
}
