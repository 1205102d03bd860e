package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;

/**
 * One option of a match or target.
 *
 * @param names its long names with their dashes; the first is the one it is asked for by
 * @param arguments how many words follow it
 * @param invertible whether {@code !} may stand before it
 */
public record OptionSpec(ImmutableList<String> names, int arguments, boolean invertible) {
  /** Returns an option without a value. */
  public static OptionSpec flag(String... names) {
    return new OptionSpec(ImmutableList.copyOf(names), 0, false);
  }

  /** Returns an option with one value. */
  public static OptionSpec value(String... names) {
    return new OptionSpec(ImmutableList.copyOf(names), 1, false);
  }

  /** Returns an option with two values. */
  public static OptionSpec twoValues(String... names) {
    return new OptionSpec(ImmutableList.copyOf(names), 2, false);
  }

  /** Returns this option with {@code !} allowed before it. */
  public OptionSpec orInverted() {
    return new OptionSpec(names, arguments, true);
  }

  /** Returns the name it is asked for by. */
  public String name() {
    return names.get(0);
  }
}
