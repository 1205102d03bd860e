package dev.packetpath.iptables;

import dev.packetpath.core.host.Device;

/**
 * A device name as {@code -i} and {@code -o} take it: exact, or a prefix with {@code +} behind it.
 *
 * @param pattern the name as written; "" for any
 * @param inverted whether the sense is reversed
 */
public record DeviceMatch(String pattern, boolean inverted) {
  /** Any device, and none. */
  public static final DeviceMatch ANY = new DeviceMatch("", false);

  /** Returns whether this asks for nothing. */
  public boolean isAny() {
    return pattern.isEmpty();
  }

  /** Returns whether a device meets this; {@link Device#NONE} compares as an empty name. */
  public boolean matches(Device device) {
    return matches(device.name());
  }

  /** Returns whether a device of this name meets this. */
  public boolean matches(String device) {
    if (pattern.isEmpty()) {
      return true;
    }
    int last = pattern.length() - 1;
    boolean same =
        pattern.charAt(last) == '+'
            ? device.regionMatches(0, pattern, 0, last)
            : device.equals(pattern);
    return same != inverted;
  }
}
