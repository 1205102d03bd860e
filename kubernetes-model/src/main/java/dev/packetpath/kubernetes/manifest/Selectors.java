package dev.packetpath.kubernetes.manifest;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.kubernetes.policy.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads label selectors. */
final class Selectors {
  private static final Map<String, LabelSelector.Operator> OPERATORS =
      Map.of(
          "In", LabelSelector.Operator.IN,
          "NotIn", LabelSelector.Operator.NOT_IN,
          "Exists", LabelSelector.Operator.EXISTS,
          "DoesNotExist", LabelSelector.Operator.DOES_NOT_EXIST);

  private Selectors() {}

  /** Returns a selector; an absent one selects everything. */
  static LabelSelector read(
      ManifestObject object,
      String path,
      io.fabric8.kubernetes.api.model.@Nullable LabelSelector selector) {
    if (selector == null) {
      return LabelSelector.ALL;
    }
    Map<String, String> labels = selector.getMatchLabels();
    List<LabelSelectorRequirement> written = Fields.orEmpty(selector.getMatchExpressions());
    ImmutableList.Builder<LabelSelector.Requirement> requirements = ImmutableList.builder();
    for (int i = 0; i < written.size(); i++) {
      requirements.add(requirement(object, path + ".matchExpressions[" + i + "]", written.get(i)));
    }
    return new LabelSelector(
        labels == null ? ImmutableSortedMap.of() : ImmutableSortedMap.copyOf(labels),
        requirements.build());
  }

  private static LabelSelector.Requirement requirement(
      ManifestObject object, String path, LabelSelectorRequirement written) {
    String key = Strings.nullToEmpty(written.getKey());
    if (key.isEmpty()) {
      throw object.error(path + ".key", "nothing", "a label");
    }
    String name = Strings.nullToEmpty(written.getOperator());
    LabelSelector.Operator operator = OPERATORS.get(name);
    if (operator == null) {
      throw object.error(
          path + ".operator", "\"" + name + "\"", "In, NotIn, Exists or DoesNotExist");
    }
    ImmutableSet<String> values = ImmutableSet.copyOf(Fields.orEmpty(written.getValues()));
    boolean takesValues =
        operator == LabelSelector.Operator.IN || operator == LabelSelector.Operator.NOT_IN;
    if (takesValues == values.isEmpty()) {
      throw object.error(
          path + ".values",
          values.isEmpty() ? "nothing" : values,
          takesValues ? "at least one value" : "no values with " + name);
    }
    return new LabelSelector.Requirement(key, operator, values);
  }
}
