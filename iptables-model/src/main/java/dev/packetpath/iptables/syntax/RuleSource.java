package dev.packetpath.iptables.syntax;

import com.google.common.base.CharMatcher;
import dev.packetpath.core.SyntaxException;

/**
 * The line that is being read, for the place in an error.
 *
 * @param file what the text is called
 * @param line the line, from 1
 */
record RuleSource(String file, int line) {
  private static final CharMatcher CONTROL = CharMatcher.javaIsoControl();

  SyntaxException error(int column, String found, String expected) {
    return new SyntaxException(file, line, column, visible(found), expected);
  }

  /** Writes characters that a terminal would not show, such as the CR of a file from Windows. */
  private static String visible(String text) {
    if (!CONTROL.matchesAnyOf(text)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') {
        out.append("\\r");
      } else if (CONTROL.matches(c)) {
        out.append(String.format("\\x%02x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
