package dev.packetpath.kubernetes.policy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;

/**
 * Selects objects by their labels: all of its tests must hold.
 *
 * @param labels labels and the values they must have
 * @param requirements further tests
 */
public record LabelSelector(
    ImmutableSortedMap<String, String> labels, ImmutableList<Requirement> requirements) {
  /** Selects everything. */
  public static final LabelSelector ALL =
      new LabelSelector(ImmutableSortedMap.of(), ImmutableList.of());

  /** How a label is tested. */
  public enum Operator {
    /** It has one of the values. */
    IN,
    /** It has none of the values, or is absent. */
    NOT_IN,
    /** It is there. */
    EXISTS,
    /** It is absent. */
    DOES_NOT_EXIST
  }

  /**
   * A test of one label.
   *
   * @param key the label
   * @param operator how it is tested
   * @param values with what
   */
  public record Requirement(String key, Operator operator, ImmutableSet<String> values) {
    boolean holds(Map<String, String> of) {
      boolean present = of.containsKey(key);
      return switch (operator) {
        case IN -> present && values.contains(of.getOrDefault(key, ""));
        case NOT_IN -> !present || !values.contains(of.getOrDefault(key, ""));
        case EXISTS -> present;
        case DOES_NOT_EXIST -> !present;
      };
    }
  }

  /** Returns a selector of what has one label. */
  public static LabelSelector of(String label, String value) {
    return new LabelSelector(ImmutableSortedMap.of(label, value), ImmutableList.of());
  }

  /** Returns whether something with these labels is selected. */
  public boolean matches(Map<String, String> of) {
    return of.entrySet().containsAll(labels.entrySet())
        && requirements.stream().allMatch(requirement -> requirement.holds(of));
  }
}
