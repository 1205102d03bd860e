package dev.packetpath.iptables;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.List;

/** The device names, exact and with {@code +}, that the rules of a table ask for, by number. */
final class DevicePatterns {
  /** The number of a name that no rule asks for. */
  static final int NONE = -1;

  private final Object2IntOpenHashMap<String> numbers = new Object2IntOpenHashMap<>();
  private final List<String> patterns = new ArrayList<>();

  DevicePatterns() {
    numbers.defaultReturnValue(NONE);
  }

  DevicePatterns copy() {
    DevicePatterns copy = new DevicePatterns();
    patterns.forEach(copy::add);
    return copy;
  }

  /** Returns the number of a pattern, which is given one if it is new. */
  @CanIgnoreReturnValue
  int add(String pattern) {
    int number = numbers.getInt(pattern);
    if (number == NONE) {
      number = patterns.size();
      numbers.put(pattern, number);
      patterns.add(pattern);
    }
    return number;
  }

  /** Returns the number of the pattern that is exactly this name, or {@link #NONE}. */
  int numberOf(String name) {
    return numbers.getInt(name);
  }

  int size() {
    return patterns.size();
  }

  /** Returns for each pattern one bit: whether a device of this name meets it. */
  long[] metBy(String name) {
    long[] met = new long[(patterns.size() + 63) / 64];
    for (int i = 0; i < patterns.size(); i++) {
      if (new DeviceMatch(patterns.get(i), false).matches(name)) {
        met[i >> 6] |= 1L << i;
      }
    }
    return met;
  }
}
