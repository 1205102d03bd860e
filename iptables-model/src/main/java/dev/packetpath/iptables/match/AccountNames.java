package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * The users and groups that every Debian 12 has (package base-passwd). Others depend on the machine
 * and are read as numbers only.
 */
final class AccountNames {
  static final ImmutableMap<String, Integer> USERS =
      ImmutableMap.<String, Integer>builder()
          .put("root", 0)
          .put("daemon", 1)
          .put("bin", 2)
          .put("sys", 3)
          .put("sync", 4)
          .put("games", 5)
          .put("man", 6)
          .put("lp", 7)
          .put("mail", 8)
          .put("news", 9)
          .put("uucp", 10)
          .put("proxy", 13)
          .put("www-data", 33)
          .put("backup", 34)
          .put("list", 38)
          .put("irc", 39)
          .put("nobody", 65534)
          .buildOrThrow();

  static final ImmutableMap<String, Integer> GROUPS =
      ImmutableMap.<String, Integer>builder()
          .put("root", 0)
          .put("daemon", 1)
          .put("bin", 2)
          .put("sys", 3)
          .put("adm", 4)
          .put("tty", 5)
          .put("disk", 6)
          .put("lp", 7)
          .put("mail", 8)
          .put("news", 9)
          .put("uucp", 10)
          .put("man", 12)
          .put("proxy", 13)
          .put("kmem", 15)
          .put("dialout", 20)
          .put("sudo", 27)
          .put("www-data", 33)
          .put("backup", 34)
          .put("operator", 37)
          .put("list", 38)
          .put("irc", 39)
          .put("shadow", 42)
          .put("staff", 50)
          .put("games", 60)
          .put("users", 100)
          .put("nogroup", 65534)
          .buildOrThrow();

  private AccountNames() {}

  /** Reads a name or {@code id[-id]}, where the option was given. */
  static Optional<NumberRange> read(
      OptionValues options, String name, ImmutableMap<String, Integer> names) {
    return options.get(name).map(given -> read(options, given, names));
  }

  private static NumberRange read(
      OptionValues options, OptionValues.Given given, ImmutableMap<String, Integer> names) {
    String text = given.value();
    Integer named = names.get(text);
    int dash = text.indexOf('-');
    long first =
        named != null ? named : id(options, given, dash < 0 ? text : text.substring(0, dash));
    long last = named != null || dash < 0 ? first : id(options, given, text.substring(dash + 1));
    if (last < first) {
      throw options.error(
          given, "\"" + text + "\"", "a range whose first id is not above its last");
    }
    return new NumberRange(first, last, given.inverted());
  }

  private static long id(OptionValues options, OptionValues.Given given, String text) {
    long id = Numbers.parse(text);
    if (id < 0 || id > 0xffff_fffeL) {
      throw options.error(given, "\"" + text + "\"", "an id, or a name that every Debian has");
    }
    return id;
  }
}
