package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;

/**
 * One option of a match or target.
 *
 * @param names its long names with their dashes; the first is the one it is asked for by
 * @param arguments how many words follow it
 * @param argumentOptional whether its one word may be missing
 * @param invertible whether {@code !} may stand before it
 * @param repeatable whether it may be given more than once
 */
public record OptionSpec(
    ImmutableList<String> names,
    int arguments,
    boolean argumentOptional,
    boolean invertible,
    boolean repeatable) {
  /** Returns an option without a value. */
  public static OptionSpec flag(String... names) {
    return new OptionSpec(ImmutableList.copyOf(names), 0, false, false, false);
  }

  /** Returns an option with one value. */
  public static OptionSpec value(String... names) {
    return new OptionSpec(ImmutableList.copyOf(names), 1, false, false, false);
  }

  /** Returns an option with two values. */
  public static OptionSpec twoValues(String... names) {
    return new OptionSpec(ImmutableList.copyOf(names), 2, false, false, false);
  }

  /** Returns an option whose value may be missing. */
  public static OptionSpec optionalValue(String... names) {
    return new OptionSpec(ImmutableList.copyOf(names), 1, true, false, false);
  }

  /** Returns this option with {@code !} allowed before it. */
  public OptionSpec orInverted() {
    return new OptionSpec(names, arguments, argumentOptional, true, repeatable);
  }

  /** Returns this option, to be given as often as wanted. */
  public OptionSpec anyNumberOfTimes() {
    return new OptionSpec(names, arguments, argumentOptional, invertible, true);
  }

  /** Returns the name it is asked for by. */
  public String name() {
    return names.get(0);
  }
}
