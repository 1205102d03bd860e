package dev.packetpath.iptables.syntax;

import dev.packetpath.core.SyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A place in the words of one rule, with the exclamation mark that was read and waits for its
 * option.
 */
final class RuleWords {
  private final ReadMode mode;
  private final List<ReadNote> notes;
  private RuleSource source = new RuleSource("");
  private Words words = new Words();
  private int at;
  private boolean inverted;
  private int invertedColumn;

  RuleWords(ReadMode mode, List<ReadNote> notes) {
    this.mode = mode;
    this.notes = notes;
  }

  /** Starts a rule at a word. */
  void start(RuleSource newSource, Words newWords, int from) {
    source = newSource;
    words = newWords;
    at = from;
    inverted = false;
  }

  RuleSource source() {
    return source;
  }

  boolean isLenient() {
    return mode == ReadMode.LENIENT;
  }

  /** Returns whether there are more words. */
  boolean hasNext() {
    return at < words.size();
  }

  /** Returns the next word. */
  String next() {
    return words.word(at++);
  }

  /** Passes the next word if it is an option's letter, and returns the option; otherwise null. */
  @Nullable BaseOption passLetterOption() {
    BaseOption option = BaseOption.ofLetter(words.optionLetter(at));
    if (option != null) {
      at++;
    }
    return option;
  }

  /** Returns whether the next word is there and looks like no option. */
  boolean hasOperand() {
    return hasNext() && !words.startsWith(at, '-') && !words.startsWith(at, '!');
  }

  /** Returns the word behind an option. */
  String valueOf(String option, int column) {
    return words.word(passValueOf(option, column));
  }

  /** Passes the word behind an option, and returns which it is. */
  int passValueOf(String option, int column) {
    if (!hasNext()) {
      throw source.error(column, option + " at the end of the line", "a value behind it");
    }
    return at++;
  }

  /** Returns a word of the line. */
  String word(int i) {
    return words.word(i);
  }

  /** Returns the chain of a table that a word names, to put a rule into; null if there is none. */
  @Nullable ChainDraft chainOfRule(TableDraft table, int word) {
    return table.chainOfRule(words, word);
  }

  /** Returns the user chain that the next word names and passes it; null if it names none. */
  @Nullable ChainDraft passUserChain(UserChains chains) {
    ChainDraft chain = hasNext() ? chains.find(words, at) : null;
    if (chain != null) {
      at++;
    }
    return chain;
  }

  /** Returns the column of the next word, or {@code absent} at the end. */
  int nextColumn(int absent) {
    return hasNext() ? words.column(at) : absent;
  }

  /** Returns the column of the word last read. */
  int lastColumn() {
    return words.column(at - 1);
  }

  /** Returns the column of the line's first word. */
  int firstColumn() {
    return words.column(0);
  }

  /** Takes note of {@code !}, the word last read. */
  void invert() {
    if (inverted) {
      throw source.error(lastColumn(), "a second \"!\"", "an option behind the first");
    }
    inverted = true;
    invertedColumn = lastColumn();
  }

  /** Returns whether {@code !} waits for its option. */
  boolean isInverted() {
    return inverted;
  }

  /**
   * Returns whether {@code !} stood before an option, and forgets it.
   *
   * @param invertible whether it may
   */
  boolean takeInversion(boolean invertible, String option) {
    boolean taken = inverted;
    if (taken && !invertible) {
      throw source.error(
          invertedColumn, "\"!\" before " + option, "an option that can be inverted");
    }
    inverted = false;
    return taken;
  }

  /**
   * Passes {@code !} behind an option, where it stood before iptables 1.4.3; returns whether it was
   * there. Read strictly, it is an error where a value follows, and a value itself where none does.
   */
  boolean takeOldInversion() {
    if (!hasNext() || !words.is(at, "!")) {
      return false;
    }
    boolean valueFollows = at + 1 < words.size() && !words.startsWith(at + 1, '-');
    if (mode == ReadMode.STRICT) {
      if (valueFollows) {
        throw source.error(
            words.column(at), "\"!\" behind the option", "\"!\" before it (the old spelling)");
      }
      return false;
    }
    note(words.column(at), "old spelling: \"!\" behind the option, read as before it");
    at++;
    return true;
  }

  /**
   * Checks that no {@code !} is left.
   *
   * @throws SyntaxException if one is
   */
  void end() {
    if (inverted) {
      throw source.error(invertedColumn, "\"!\" at the end", "an option behind it");
    }
  }

  void note(int column, String text) {
    notes.add(new ReadNote(source.file(), source.line(), column, text));
  }

  /** Notes that something is taken for not modelled, since it could not be read. */
  void noteUnmodelled(SyntaxException error, String what) {
    note(
        error.column(),
        "found "
            + error.found()
            + ", expected "
            + error.expected()
            + ", so "
            + what
            + " is not modelled");
  }
}
