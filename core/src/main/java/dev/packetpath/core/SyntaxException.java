package dev.packetpath.core;

/**
 * Text that a parser cannot read. The message is {@code file:line:column: found X, expected Y}.
 *
 * <p>Unchecked, as every reader of text passes it on to whoever named the file.
 */
public final class SyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final int line;
  private final int column;
  private final String found;
  private final String expected;

  /**
   * Creates an error at a place in a text.
   *
   * @param file what the text is called, such as a file name or {@code <stdin>}
   * @param line the line, from 1
   * @param column the column of the first character that is wrong, from 1
   * @param found what stands there
   * @param expected what could have stood there
   */
  public SyntaxException(String file, int line, int column, String found, String expected) {
    super(file + ":" + line + ":" + column + ": found " + found + ", expected " + expected);
    this.file = file;
    this.line = line;
    this.column = column;
    this.found = found;
    this.expected = expected;
  }

  /** Returns what the text is called. */
  public String file() {
    return file;
  }

  /** Returns the line, from 1. */
  public int line() {
    return line;
  }

  /** Returns the column of the first character that is wrong, from 1. */
  public int column() {
    return column;
  }

  /** Returns what stands there. */
  public String found() {
    return found;
  }

  /** Returns what could have stood there. */
  public String expected() {
    return expected;
  }
}
