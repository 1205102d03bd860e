package dev.packetpath.node;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.Place;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.host.Sysctls;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/** Reads what {@code sysctl -a} prints; only {@code net.} matters. */
final class SysctlText {
  private SysctlText() {}

  static Sysctls read(String file, Reader text) throws IOException {
    ImmutableMap.Builder<String, String> values = ImmutableMap.builder();
    ImmutableMap.Builder<String, Place> places = ImmutableMap.builder();
    BufferedReader lines = new BufferedReader(text);
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank() || line.startsWith("#") || line.startsWith("sysctl:")) {
        continue;
      }
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new SyntaxException(file, number, 1, "\"" + line + "\"", "\"name = value\"");
      }
      String name = line.substring(0, equals).strip().replace('/', '.');
      if (name.startsWith("net.")) {
        String value = line.substring(equals + 1);
        values.put(name, value.strip());
        int column = line.length() - value.stripLeading().length() + 1;
        places.put(name, new Place(file, number, column));
      }
    }
    return new Sysctls(values.buildKeepingLast(), places.buildKeepingLast());
  }
}
