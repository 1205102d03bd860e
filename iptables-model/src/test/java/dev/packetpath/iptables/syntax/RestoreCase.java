package dev.packetpath.iptables.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text for the parser, as a line of a resource, and the indented lines under it.
 *
 * @param family whose text it is
 * @param written the text as it stands in the resource
 * @param expected the lines under it
 */
record RestoreCase(IpFamily family, String written, List<String> expected) {
  private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)}");

  static List<RestoreCase> read(String resource) throws IOException {
    String all = Resources.toString(Resources.getResource(RestoreCase.class, resource), UTF_8);
    List<RestoreCase> cases = new ArrayList<>();
    for (String line : Splitter.on('\n').split(all)) {
      if (line.startsWith("    ")) {
        cases.get(cases.size() - 1).expected.add(line.substring(4));
      } else if (!line.isEmpty() && line.charAt(0) != '#') {
        IpFamily family = line.charAt(0) == '4' ? IpFamily.IPV4 : IpFamily.IPV6;
        cases.add(new RestoreCase(family, line.substring(2), new ArrayList<>()));
      }
    }
    return cases;
  }

  /** Returns the text that is meant. */
  String text() {
    Matcher repeated = REPEATED.matcher(written);
    String unfolded =
        repeated.replaceAll(
            found ->
                Matcher.quoteReplacement(found.group(2).repeat(Integer.parseInt(found.group(1)))));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < unfolded.length(); i++) {
      char c = unfolded.charAt(i);
      text.append(c == '\\' ? unescaped(unfolded.charAt(++i)) : c);
    }
    return text.toString();
  }

  private static char unescaped(char letter) {
    return switch (letter) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      default -> letter;
    };
  }

  @Override
  public String toString() {
    return written;
  }
}
