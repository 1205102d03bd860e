package dev.packetpath.cli;

import picocli.CommandLine.Option;

/** The option that says how an answer is printed. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "text|json",
      description = "for people or for programs (default: text)")
  private Format format = Format.TEXT;

  /** Who reads the answer. */
  enum Format {
    /** People. */
    TEXT,
    /** Programs. */
    JSON
  }

  /** Returns whether programs read the answer. */
  boolean isJson() {
    return format == Format.JSON;
  }
}
