package dev.packetpath.iptables;

import com.google.common.base.CharMatcher;
import com.google.errorprone.annotations.CanIgnoreReturnValue;

/** Builds the text of a rule, word by word, in the manner of iptables-save. */
public final class OptionPrinter {
  private static final CharMatcher BARE =
      CharMatcher.inRange('a', 'z')
          .or(CharMatcher.inRange('A', 'Z'))
          .or(CharMatcher.inRange('0', '9'))
          .or(CharMatcher.anyOf("_-"));

  private final StringBuilder text = new StringBuilder();

  /** Creates a printer of an empty text. */
  public OptionPrinter() {}

  /** Adds a word behind a space. */
  @CanIgnoreReturnValue
  public OptionPrinter word(String word) {
    if (text.length() > 0) {
      text.append(' ');
    }
    text.append(word);
    return this;
  }

  /** Adds an option without a value. */
  @CanIgnoreReturnValue
  public OptionPrinter option(boolean inverted, String option) {
    if (inverted) {
      word("!");
    }
    return word(option);
  }

  /** Adds an option and its value. */
  @CanIgnoreReturnValue
  public OptionPrinter option(String option, String value) {
    return word(option).word(value);
  }

  /** Adds an option and its value, behind {@code !} if inverted. */
  @CanIgnoreReturnValue
  public OptionPrinter option(boolean inverted, String option, String value) {
    return option(inverted, option).word(value);
  }

  /** Adds a word in quotes if it holds more than letters, digits, {@code _} and {@code -}. */
  @CanIgnoreReturnValue
  public OptionPrinter quoted(String word) {
    if (!word.isEmpty() && BARE.matchesAllOf(word)) {
      return word(word);
    }
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c == '"' || c == '\\' || c == '\'') {
        quoted.append('\\');
      }
      quoted.append(c);
    }
    return word(quoted.append('"').toString());
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
