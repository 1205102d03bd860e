package dev.packetpath.core.host;

import com.google.common.collect.ImmutableMap;

/**
 * Kernel settings by their {@code sysctl} name, such as {@code net.ipv4.ip_forward}. What is not
 * set has the value that the asker gives.
 */
public final class Sysctls {
  /** Nothing set. */
  public static final Sysctls DEFAULTS = new Sysctls(ImmutableMap.of());

  private final ImmutableMap<String, String> values;

  /** Creates settings from names and values. */
  public Sysctls(ImmutableMap<String, String> values) {
    this.values = values;
  }

  /**
   * Returns the first number of a setting, or {@code absent} if it is not set.
   *
   * @throws IllegalArgumentException if it is set and does not start with a number
   */
  public long number(String name, long absent) {
    String value = values.get(name);
    if (value == null) {
      return absent;
    }
    String first = value.strip().split("\\s+", 2)[0];
    try {
      return Long.parseLong(first);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": expected a number, found \"" + value + "\"", e);
    }
  }

  /** Returns whether a setting is not 0; {@code absent} if it is not set. */
  public boolean flag(String name, boolean absent) {
    return number(name, absent ? 1 : 0) != 0;
  }

  /** Returns these settings with another value of one. */
  public Sysctls with(String name, String value) {
    return new Sysctls(
        ImmutableMap.<String, String>builder().putAll(values).put(name, value).buildKeepingLast());
  }

  /** Returns all that is set. */
  public ImmutableMap<String, String> asMap() {
    return values;
  }
}
