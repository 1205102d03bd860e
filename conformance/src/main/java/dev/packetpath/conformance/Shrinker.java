package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes a failing vector smaller: leaves out packets, then lines of rules and sets, as long as it
 * still fails. Halves are tried before single ones, so the number of tries stays small.
 */
final class Shrinker {
  private static final int MOST_TRIES = 300;

  private static final long MOST_SECONDS = 90;

  private final long startedNs = System.nanoTime();
  private final Check fails;
  private int tries;

  private Shrinker(Check fails) {
    this.fails = fails;
  }

  /** Tells whether a vector still fails. */
  @FunctionalInterface
  interface Check {
    boolean test(ObjectNode vector) throws IOException;
  }

  /** Returns the smallest failing vector that was found within a bounded number of tries. */
  static ObjectNode shrink(ObjectNode vector, Check fails) throws IOException {
    Shrinker shrinker = new Shrinker(fails);
    ObjectNode small = shrinker.packets(vector.deepCopy());
    for (String text : List.of("ruleset", "ruleset6", "ipset")) {
      small = shrinker.lines(small, text);
    }
    return shrinker.packets(small);
  }

  private ObjectNode packets(ObjectNode vector) throws IOException {
    List<JsonNode> all = new ArrayList<>();
    vector.path("packets").forEach(all::add);
    return reduce(
        vector,
        all,
        (copy, kept) -> {
          ArrayNode packets = copy.putArray("packets");
          kept.forEach(packets::add);
        });
  }

  private ObjectNode lines(ObjectNode vector, String field) throws IOException {
    List<String> all =
        Splitter.on('\n').omitEmptyStrings().splitToList(vector.path(field).asText());
    return reduce(
        vector,
        new ArrayList<>(all),
        (copy, kept) -> copy.put(field, kept.isEmpty() ? "" : Joiner.on('\n').join(kept) + "\n"));
  }

  private boolean hasTime() {
    return System.nanoTime() - startedNs < TimeUnit.SECONDS.toNanos(MOST_SECONDS);
  }

  /** Puts what is left into a copy of the vector. */
  private interface Rebuild<T> {
    void put(ObjectNode copy, List<T> kept);
  }

  private <T> ObjectNode reduce(ObjectNode vector, List<T> all, Rebuild<T> rebuild)
      throws IOException {
    ObjectNode smallest = vector;
    List<T> kept = all;
    for (int size = Math.max(1, kept.size() / 2); size >= 1; size /= 2) {
      int from = 0;
      while (from < kept.size() && tries < MOST_TRIES && hasTime()) {
        List<T> fewer = new ArrayList<>(kept.subList(0, from));
        fewer.addAll(kept.subList(Math.min(kept.size(), from + size), kept.size()));
        ObjectNode candidate = vector.deepCopy();
        rebuild.put(candidate, fewer);
        tries++;
        if (fails.test(candidate)) {
          kept = fewer;
          smallest = candidate;
        } else {
          from += size;
        }
      }
    }
    return smallest;
  }
}
