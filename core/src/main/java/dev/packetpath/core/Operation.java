package dev.packetpath.core;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One kind of primitive work, such as the evaluation of a rule. Each model names its own; the same
 * name is the same operation. Thread-safe.
 */
public final class Operation implements Comparable<Operation> {
  private static final Map<String, Operation> BY_NAME = new LinkedHashMap<>();

  private final String name;
  private final int index;

  private Operation(String name, int index) {
    this.name = name;
    this.index = index;
  }

  /** Returns the operation of this name, in lower camel case. */
  public static Operation named(String name) {
    synchronized (BY_NAME) {
      return BY_NAME.computeIfAbsent(name, key -> new Operation(key, BY_NAME.size()));
    }
  }

  static List<Operation> all() {
    synchronized (BY_NAME) {
      return List.copyOf(BY_NAME.values());
    }
  }

  /** Returns the name, in lower camel case. */
  public String name() {
    return name;
  }

  int index() {
    return index;
  }

  @Override
  public int compareTo(Operation other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
