package dev.packetpath.cli;

import dev.packetpath.kubernetes.SyntheticCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What {@code --synthetic} says.
 *
 * @param size the size of the cluster
 * @param seed what decides where its Pods run
 */
record SyntheticSize(SyntheticCluster.Size size, long seed) {
  private static final Set<String> KEYS = Set.of("services", "endpoints", "pods-per-node", "seed");

  /**
   * Reads {@code services=N,endpoints=M}, with {@code pods-per-node=P} and {@code seed=S} if
   * wanted.
   *
   * @throws IllegalArgumentException if the text is none, or a number out of range
   */
  static SyntheticSize parse(String text) {
    Map<String, Long> numbers = new HashMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      if (!KEYS.contains(key)
          || equals < 0
          || !part.substring(equals + 1).matches("\\d{1,9}")
          || numbers.put(key, Long.valueOf(part.substring(equals + 1))) != null) {
        throw new IllegalArgumentException(
            "found \"" + part + "\", expected services=N,endpoints=M[,pods-per-node=P][,seed=S]");
      }
    }
    if (!numbers.keySet().containsAll(Set.of("services", "endpoints"))) {
      throw new IllegalArgumentException(
          "found \"" + text + "\", expected services=N,endpoints=M[,pods-per-node=P][,seed=S]");
    }
    return new SyntheticSize(
        new SyntheticCluster.Size(
            number(numbers, "services", 0),
            number(numbers, "endpoints", 0),
            number(numbers, "pods-per-node", SyntheticCluster.Size.USUAL_PODS_PER_NODE)),
        number(numbers, "seed", 0));
  }

  private static int number(Map<String, Long> numbers, String key, long absent) {
    return Math.toIntExact(numbers.getOrDefault(key, absent));
  }
}
