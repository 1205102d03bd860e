package dev.packetpath.core.net;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.OptionalInt;

/**
 * The classes of differentiated services by the names that RFC 2474, 2597 and 3246 give them, which
 * iptables reads and, but for CS0 and BE, {@code ip} prints.
 */
public final class DscpNames {
  private static final ImmutableMap<String, Integer> VALUES =
      ImmutableMap.<String, Integer>builder()
          .put("CS0", 0x00)
          .put("CS1", 0x08)
          .put("CS2", 0x10)
          .put("CS3", 0x18)
          .put("CS4", 0x20)
          .put("CS5", 0x28)
          .put("CS6", 0x30)
          .put("CS7", 0x38)
          .put("BE", 0x00)
          .put("AF11", 0x0a)
          .put("AF12", 0x0c)
          .put("AF13", 0x0e)
          .put("AF21", 0x12)
          .put("AF22", 0x14)
          .put("AF23", 0x16)
          .put("AF31", 0x1a)
          .put("AF32", 0x1c)
          .put("AF33", 0x1e)
          .put("AF41", 0x22)
          .put("AF42", 0x24)
          .put("AF43", 0x26)
          .put("EF", 0x2e)
          .buildOrThrow();

  private DscpNames() {}

  /** Returns all names. */
  public static ImmutableSet<String> all() {
    return VALUES.keySet();
  }

  /** Returns the six bits of a class, named in capital letters, if it is known. */
  public static OptionalInt valueOf(String name) {
    Integer value = VALUES.get(name);
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
