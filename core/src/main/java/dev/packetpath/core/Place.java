package dev.packetpath.core;

/**
 * A place in a file.
 *
 * @param file what the file is called
 * @param line the line, from 1
 * @param column the column, from 1
 */
public record Place(String file, int line, int column) {
  /** Returns the error that something else was expected here. */
  public SyntaxException error(String found, String expected) {
    return new SyntaxException(file, line, column, found, expected);
  }
}
