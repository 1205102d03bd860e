package dev.packetpath.core.host;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import dev.packetpath.core.Place;
import dev.packetpath.core.SyntaxException;
import java.util.regex.Pattern;

/**
 * Kernel settings by their {@code sysctl} name, such as {@code net.ipv4.ip_forward}. What is not
 * set has the value that the asker gives.
 */
public final class Sysctls {
  /** Nothing set. */
  public static final Sysctls DEFAULTS = new Sysctls(ImmutableMap.of());

  private static final Pattern LIST =
      Pattern.compile("(\\d{1,9}(-\\d{1,9})?(,\\d{1,9}(-\\d{1,9})?)*)?");

  private final ImmutableMap<String, String> values;
  private final ImmutableMap<String, Place> places;

  /** Creates settings from names and values. */
  public Sysctls(ImmutableMap<String, String> values) {
    this(values, ImmutableMap.of());
  }

  /**
   * Creates settings that were read.
   *
   * @param values names and values
   * @param places where the value of a name stands, of those that stand somewhere
   */
  public Sysctls(ImmutableMap<String, String> values, ImmutableMap<String, Place> places) {
    this.values = values;
    this.places = places;
  }

  /**
   * Returns the first number of a setting, or {@code absent} if it is not set.
   *
   * @throws IllegalArgumentException if it is set and does not start with a number
   * @throws SyntaxException in place of that, if the setting was read
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
      throw error(name, value, "a number");
    }
  }

  private RuntimeException error(String name, String value, String expected) {
    Place place = places.get(name);
    return place == null
        ? new IllegalArgumentException(name + ": found \"" + value + "\", expected " + expected)
        : place.error("\"" + value + "\"", expected + " for " + name);
  }

  /**
   * Returns the first number of a setting, or {@code absent} if it is not set.
   *
   * @param least the least that it may be
   * @param most the most that it may be
   * @throws IllegalArgumentException if it is set and does not start with a number, or is less or
   *     more
   * @throws SyntaxException in place of that, if the setting was read
   */
  public long number(String name, long absent, long least, long most) {
    long number = number(name, absent);
    if (!values.containsKey(name) || (number >= least && number <= most)) {
      return number;
    }
    throw error(name, String.valueOf(number), "a number from " + least + " to " + most);
  }

  /**
   * Returns the numbers that a setting lists as {@code 0-1,3-127}, those of {@code absent} if it is
   * not set.
   *
   * @throws IllegalArgumentException if it is set and is no such list
   * @throws SyntaxException in place of that, if the setting was read
   */
  RangeSet<Long> numbers(String name, String absent) {
    String value = values.getOrDefault(name, absent).strip();
    if (!LIST.matcher(value).matches()) {
      throw error(name, value, "numbers and ranges such as 0-1,3-127");
    }
    RangeSet<Long> numbers = TreeRangeSet.create();
    for (String range : Splitter.on(',').omitEmptyStrings().split(value)) {
      int dash = range.indexOf('-');
      long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
      long last = dash < 0 ? first : Long.parseLong(range.substring(dash + 1));
      if (last < first) {
        throw error(name, value, "ranges that do not end before they begin");
      }
      numbers.add(Range.closed(first, last));
    }
    return numbers;
  }

  /** Returns whether a setting is not 0; {@code absent} if it is not set. */
  public boolean flag(String name, boolean absent) {
    return number(name, absent ? 1 : 0) != 0;
  }

  /** Returns these settings with another value of one. */
  public Sysctls with(String name, String value) {
    return new Sysctls(
        ImmutableMap.<String, String>builder().putAll(values).put(name, value).buildKeepingLast(),
        ImmutableMap.copyOf(Maps.filterKeys(places, read -> !read.equals(name))));
  }

  /** Returns all that is set. */
  public ImmutableMap<String, String> asMap() {
    return values;
  }
}
