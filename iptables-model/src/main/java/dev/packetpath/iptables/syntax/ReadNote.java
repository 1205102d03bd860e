package dev.packetpath.iptables.syntax;

/**
 * Something that a lenient reading let pass.
 *
 * @param file what the text is called
 * @param line the line, from 1
 * @param column the column, from 1
 * @param text what was found and how it was read
 */
public record ReadNote(String file, int line, int column, String text) {
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + text;
  }
}
