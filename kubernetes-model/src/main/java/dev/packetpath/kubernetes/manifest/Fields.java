package dev.packetpath.kubernetes.manifest;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.ServiceProtocol;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields that several kinds of objects have; absent ones are null in the library's types.
 */
final class Fields {
  static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*+(?<=[a-z0-9]))?");

  private static final int MAX_LABEL = 63;

  private Fields() {}

  static IpAddress address(ManifestObject object, String path, @Nullable String text) {
    return parsed(object, path, text, IpAddress::parse, "an IP address");
  }

  static IpPrefix prefix(ManifestObject object, String path, @Nullable String text) {
    return parsed(object, path, text, IpPrefix::parse, "an address range such as 10.0.0.0/8");
  }

  private static <T> T parsed(
      ManifestObject object,
      String path,
      @Nullable String text,
      Function<String, T> parser,
      String expected) {
    String stripped = Strings.nullToEmpty(text).strip();
    try {
      return parser.apply(stripped);
    } catch (IllegalArgumentException e) {
      throw object.error(path, "\"" + stripped + "\"", expected);
    }
  }

  static ImmutableList<IpAddress> addresses(
      ManifestObject object, String path, @Nullable List<String> texts) {
    ImmutableList.Builder<IpAddress> addresses = ImmutableList.builder();
    List<String> present = orEmpty(texts);
    for (int i = 0; i < present.size(); i++) {
      addresses.add(address(object, path + "[" + i + "]", present.get(i)));
    }
    return addresses.build();
  }

  /** Checks that a text is a label of a DNS name, as names of Services and ports are. */
  static void checkLabel(ManifestObject object, String path, String text) {
    if (text.length() > MAX_LABEL || !LABEL.matcher(text).matches()) {
      throw object.error(
          path, ManifestObject.quoted(text), "1 to 63 lower-case letters, digits and -");
    }
  }

  static int port(ManifestObject object, String path, @Nullable Integer number) {
    if (number == null || number < 1 || number > 0xffff) {
      throw object.error(path, number == null ? "nothing" : number, "a port, 1 to 65535");
    }
    return number;
  }

  static ServiceProtocol protocol(ManifestObject object, String path, @Nullable String text) {
    String name = text == null ? "TCP" : text;
    for (ServiceProtocol protocol : ServiceProtocol.values()) {
      if (protocol.name().equals(name.toUpperCase(Locale.ROOT))) {
        return protocol;
      }
    }
    throw object.error(path, "\"" + name + "\"", "TCP, UDP or SCTP");
  }

  static <T> List<T> orEmpty(@Nullable List<T> values) {
    return values == null ? List.of() : values;
  }
}
