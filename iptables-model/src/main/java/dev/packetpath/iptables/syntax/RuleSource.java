package dev.packetpath.iptables.syntax;

import dev.packetpath.core.SyntaxException;

/**
 * The line that is being read, for the place in an error.
 *
 * @param file what the text is called
 * @param line the line, from 1
 */
record RuleSource(String file, int line) {
  SyntaxException error(int column, String found, String expected) {
    return new SyntaxException(file, line, column, found, expected);
  }
}
