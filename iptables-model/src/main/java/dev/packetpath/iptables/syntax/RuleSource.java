package dev.packetpath.iptables.syntax;

import com.google.common.base.CharMatcher;
import dev.packetpath.core.SyntaxException;

/** The line that is being read, for the place in an error: one object for all lines. */
final class RuleSource {
  private static final CharMatcher CONTROL = CharMatcher.javaIsoControl();

  private final String file;
  private int line;

  RuleSource(String file) {
    this.file = file;
  }

  /** Goes to a line, counted from 1. */
  void line(int number) {
    line = number;
  }

  /** Returns what the text is called. */
  String file() {
    return file;
  }

  /** Returns the line, from 1. */
  int line() {
    return line;
  }

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
