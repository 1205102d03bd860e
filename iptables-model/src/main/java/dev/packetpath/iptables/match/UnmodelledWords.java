package dev.packetpath.iptables.match;

import dev.packetpath.iptables.OptionPrinter;

/** Prints the words of an extension of which only the text is known. */
public final class UnmodelledWords {
  private UnmodelledWords() {}

  /** Prints an option or {@code !} as it is, and quotes other words where needed. */
  public static void print(OptionPrinter out, String word) {
    if (word.chars().noneMatch(c -> c == ' ' || c == '\t' || c == '"' || c == '\\')) {
      out.word(word);
    } else {
      out.quoted(word);
    }
  }
}
