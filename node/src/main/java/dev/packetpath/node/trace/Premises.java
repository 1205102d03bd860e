package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import java.util.LinkedHashMap;
import java.util.Map;

/** The premises of one run: those that were told to differ, and those that were asked for. */
final class Premises {
  private final Map<Object, Premise> told;
  private final Map<Object, Premise> asked = new LinkedHashMap<>();

  Premises(Map<Object, Premise> told) {
    this.told = told;
  }

  /** Returns the premise that was told about the same subject, or this one, and remembers it. */
  <P extends Premise> P take(Class<P> kind, P usual) {
    Premise premise = told.getOrDefault(usual.subject(), usual);
    asked.put(usual.subject(), premise);
    return kind.cast(premise);
  }

  ImmutableList<Premise> asked() {
    return ImmutableList.copyOf(asked.values());
  }
}
