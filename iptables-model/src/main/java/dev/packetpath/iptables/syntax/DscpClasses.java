package dev.packetpath.iptables.syntax;

import com.google.common.base.Ascii;
import dev.packetpath.core.net.DscpNames;

/** Reads the classes of differentiated services (iptables 1.8.9, dscp_helper.c). */
public final class DscpClasses {
  private DscpClasses() {}

  /**
   * Returns the six bits of the class that an option names, in any case; as the real tool, does not
   * look behind the name.
   */
  public static int read(OptionValues options, OptionValues.Given given) {
    String text = Ascii.toUpperCase(given.value());
    for (String name : DscpNames.all()) {
      if (text.startsWith(name)) {
        return DscpNames.valueOf(name).orElseThrow();
      }
    }
    throw options.error(
        given, "\"" + given.value() + "\"", "one of " + String.join(" ", DscpNames.all()));
  }
}
