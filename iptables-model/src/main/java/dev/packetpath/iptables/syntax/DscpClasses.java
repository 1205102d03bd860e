package dev.packetpath.iptables.syntax;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;

/** The classes of differentiated services by name (iptables 1.8.9, dscp_helper.c). */
public final class DscpClasses {
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

  private DscpClasses() {}

  /** Returns the six bits of the class that an option names, in any case. */
  public static int read(OptionValues options, OptionValues.Given given) {
    Integer value = VALUES.get(Ascii.toUpperCase(given.value()));
    if (value == null) {
      throw options.error(
          given, "\"" + given.value() + "\"", "one of " + String.join(" ", VALUES.keySet()));
    }
    return value;
  }
}
