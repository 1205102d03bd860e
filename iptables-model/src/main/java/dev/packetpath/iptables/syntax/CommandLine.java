package dev.packetpath.iptables.syntax;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Counters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a table as iptables reads its arguments: the command may stand anywhere, options may
 * be abbreviated, and letters without a value may be joined (iptables 1.8.9, xshared.c, do_parse;
 * getopt_long(3)). Reused line by line.
 */
final class CommandLine {
  /** No rule number was given. */
  static final int NO_PLACE = -1;

  private static final int NO_WORD = -1;

  private final IpFamily family;
  private final RuleWords words;
  private final RuleExtensions extensions;
  private final RuleReader rule;
  private @Nullable BaseOption command;
  private int commandColumn;
  private String chain = "";

  /** The word that names the chain, {@link #NO_WORD} if {@link #chain} does. */
  private int chainWord = NO_WORD;

  private int chainColumn;
  private long place = NO_PLACE;
  private int placeColumn;
  private String argument = "";
  private int argumentColumn;
  private @Nullable BaseOption listing;
  private int listingColumn;
  private boolean otherFamily;

  CommandLine(IpFamily family, ReadMode mode, List<ReadNote> notes, UserChains userChains) {
    this.family = family;
    this.words = new RuleWords(mode, notes);
    SharedValues shared = new SharedValues();
    this.extensions = new RuleExtensions(family, words, shared);
    this.rule = new RuleReader(family, words, extensions, shared, userChains);
  }

  /**
   * Reads a line.
   *
   * @param counted what {@code [packets:bytes]} before the command said
   * @throws SyntaxException if iptables would not take it
   */
  void read(RuleSource source, Words line, Counters counted) {
    words.start(source, line, 0);
    rule.start(counted);
    command = null;
    chain = "";
    chainWord = NO_WORD;
    place = NO_PLACE;
    argument = "";
    listing = null;
    otherFamily = false;
    while (words.hasNext() && !otherFamily) {
      option();
    }
    if (otherFamily) {
      return;
    }
    words.end();
    checkTogether();
  }

  private void option() {
    BaseOption letter = words.passLetterOption();
    if (letter != null) {
      int column = words.lastColumn();
      base(letter, letter.toString(), column, null, column);
      return;
    }
    String word = words.next();
    int column = words.lastColumn();
    if (word.equals("!")) {
      words.invert();
    } else if (word.length() < 2 || word.charAt(0) != '-') {
      extensions.value(word, column);
    } else if (word.charAt(1) != '-') {
      letters(word, column);
    } else if (word.length() > 2) {
      longOption(word, column);
    } else if (words.hasNext()) {
      throw error(words.nextColumn(column), "an argument behind \"--\"", "the end of the line");
    }
  }

  private void letters(String word, int column) {
    for (int i = 1; i < word.length(); i++) {
      BaseOption option = BaseOption.ofLetter(word.charAt(i));
      if (option == null) {
        extensions.unknownShortOption(word, column);
        return;
      }
      boolean isLast = i == word.length() - 1;
      if (option.argument() != BaseOption.Argument.NONE) {
        base(option, word, column, isLast ? null : word.substring(i + 1), column + i + 1);
        return;
      }
      base(option, word, column, null, column);
    }
  }

  private void longOption(String word, int column) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    String attached = equals < 0 ? null : word.substring(equals + 1);
    int attachedColumn = column + equals + 1;
    BaseOption option = BaseOption.ofName(name);
    if (option == null) {
      option = extensions.option(word, name, column, attached, attachedColumn, rule.protocol());
    }
    if (option != null) {
      if (attached != null && option.argument() == BaseOption.Argument.NONE) {
        throw error(attachedColumn, "a value for " + name, "none: it takes no value");
      }
      base(option, word, column, attached, attachedColumn);
    }
  }

  private void base(
      BaseOption option, String word, int column, @Nullable String attached, int attachedColumn) {
    switch (option.role()) {
      case COMMAND -> command(option, column, attached, attachedColumn);
      case RULE -> rule.option(option, word, column, attached, attachedColumn);
      case FLAG -> flag(option, column, attached);
    }
  }

  private void flag(BaseOption option, int column, @Nullable String attached) {
    switch (option) {
      case IPV4 -> otherFamily = family != IpFamily.IPV4;
      case IPV6 -> otherFamily = family != IpFamily.IPV6;
      case NUMERIC, EXACT, LINE_NUMBERS -> {
        listing = option;
        listingColumn = column;
      }
      case MODPROBE -> {
        if (attached == null) {
          words.valueOf(option.toString(), column);
        }
      }
      case VERBOSE -> {}
      default ->
          throw error(column, "option " + option, "one that iptables-restore takes within a table");
    }
    words.takeInversion(option == BaseOption.IPV4 || option == BaseOption.IPV6, option.toString());
  }

  private void command(
      BaseOption option, int column, @Nullable String attached, int attachedColumn) {
    words.takeInversion(false, option.toString());
    if (command != null && !(isListing(command) && isListing(option))) {
      throw error(column, option + " beside " + command, "one command in a line");
    }
    command = option;
    commandColumn = column;
    chainWord = NO_WORD;
    if (attached != null) {
      chain = attached;
      chainColumn = attachedColumn;
    } else if (option.argument() == BaseOption.Argument.REQUIRED || words.hasOperand()) {
      chainColumn = words.nextColumn(column);
      chainWord = words.passValueOf(option.toString(), column);
    } else {
      chain = "";
      chainColumn = column;
    }
    if (option == BaseOption.POLICY || option == BaseOption.RENAME_CHAIN) {
      readArgument(option);
    } else if (takesPlace(option)) {
      readPlace(option);
    }
  }

  private static boolean isListing(BaseOption option) {
    return option == BaseOption.LIST
        || option == BaseOption.LIST_RULES
        || option == BaseOption.ZERO;
  }

  private static boolean takesPlace(BaseOption option) {
    return switch (option) {
      case DELETE, INSERT, REPLACE, LIST, LIST_RULES, ZERO -> true;
      default -> false;
    };
  }

  private void readArgument(BaseOption option) {
    if (!words.hasOperand()) {
      throw error(
          words.nextColumn(chainColumn),
          option + " with a chain alone",
          option == BaseOption.POLICY ? "ACCEPT or DROP behind it" : "a new name behind it");
    }
    argumentColumn = words.nextColumn(chainColumn);
    argument = words.next();
  }

  private void readPlace(BaseOption option) {
    if (words.hasOperand()) {
      placeColumn = words.nextColumn(chainColumn);
      String text = words.next();
      place = Numbers.parse(text);
      if (place < 1 || place > Integer.MAX_VALUE) {
        throw error(placeColumn, "\"" + text + "\"", "a rule number, or an option");
      }
    } else if (option == BaseOption.REPLACE) {
      throw error(chainColumn, "-R without a rule number", "-R CHAIN NUMBER");
    }
  }

  private void checkTogether() {
    BaseOption given = command;
    if (given == null) {
      throw error(1, "no command", "a command such as \"-A CHAIN\"");
    }
    if (listing != null && given != BaseOption.LIST) {
      throw error(listingColumn, listing + " with " + given, "an option of " + given);
    }
    boolean isRule =
        switch (given) {
          case APPEND, INSERT, REPLACE, CHECK -> true;
          case DELETE -> place == NO_PLACE;
          default -> false;
        };
    if (!isRule) {
      rule.checkNoOption(given);
    }
  }

  /** Returns the error at a column of this line. */
  SyntaxException error(int column, String found, String expected) {
    return words.source().error(column, found, expected);
  }

  /** Returns whether the line says that it is for the other family: it does nothing then. */
  boolean isForOtherFamily() {
    return otherFamily;
  }

  BaseOption command() {
    BaseOption given = command;
    if (given == null) {
      throw new IllegalStateException("no line was read");
    }
    return given;
  }

  int commandColumn() {
    return commandColumn;
  }

  /** Returns the chain named, "" for none. */
  String chain() {
    return chainWord == NO_WORD ? chain : words.word(chainWord);
  }

  /** Returns the chain named, null if a table has none of that name. */
  @Nullable ChainDraft chainIn(TableDraft table) {
    return chainWord == NO_WORD ? table.chain(chain) : words.chainOfRule(table, chainWord);
  }

  int chainColumn() {
    return chainColumn;
  }

  /** Returns the rule number given, from 1, or {@link #NO_PLACE}. */
  long place() {
    return place;
  }

  int placeColumn() {
    return placeColumn;
  }

  /** Returns the policy of {@code -P}, or the new name of {@code -E}. */
  String argument() {
    return argument;
  }

  int argumentColumn() {
    return argumentColumn;
  }

  RuleReader rule() {
    return rule;
  }
}
