package dev.packetpath.conformance;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file that iptables-save or ip6tables-save printed somewhere.
 *
 * @param name the file's name
 * @param family whose rules it holds, by what it says
 * @param text its text
 */
record Dump(String name, IpFamily family, String text) {
  private static final String ADDRESS_OPTION =
      "(?m)^[^#\\n]* (?:-s|-d|--src|--dst|--source|--destination) ";
  private static final Pattern V4 = Pattern.compile(ADDRESS_OPTION + "\\d+\\.");
  private static final Pattern V6 =
      Pattern.compile(ADDRESS_OPTION + "[0-9a-fA-F]*:|(?m)^-A .*(?:ipv6-icmp|icmpv6|icmp6)");

  static Dump read(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    IpFamily family =
        V6.matcher(text).find() && !V4.matcher(text).find() ? IpFamily.IPV6 : IpFamily.IPV4;
    return new Dump(String.valueOf(file.getFileName()), family, text);
  }

  /**
   * Reads the rules.
   *
   * @throws dev.packetpath.core.SyntaxException at the first word that cannot be read
   */
  Ruleset parse(ReadMode mode) {
    try {
      return new RestoreParser(name, family, mode).read(new StringReader(text));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /**
   * Reads the rules leniently and returns how many things it let pass.
   *
   * @throws dev.packetpath.core.SyntaxException if even so they cannot be read
   */
  int notes() {
    try {
      RestoreParser parser = new RestoreParser(name, family, ReadMode.LENIENT);
      parser.read(new StringReader(text));
      return parser.notes().size();
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }
}
