package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind an option of a match or target, and gives both to it. */
final class OptionArguments {
  private final RuleWords words;

  OptionArguments(RuleWords words) {
    this.words = words;
  }

  /**
   * Gives an option to its extension.
   *
   * @param attached what stood behind {@code =}
   * @param protocol the rule's protocol
   */
  void give(
      Extension<?> extension,
      OptionSpec option,
      int column,
      @Nullable String attached,
      int attachedColumn,
      int protocol) {
    boolean invert = words.takeInversion(option.invertible(), option.name());
    if (option.arguments() == 0) {
      if (attached != null) {
        throw words
            .source()
            .error(attachedColumn, "a value for " + option.name(), "none: it takes no value");
      }
      add(extension, new OptionValues.Given(option, invert, ImmutableList.of(), column, protocol));
      return;
    }
    if (attached == null && option.invertible()) {
      invert |= words.takeOldInversion();
    }
    int valueColumn = attached == null ? words.nextColumn(column) : attachedColumn;
    ImmutableList<String> values = arguments(option, column, attached);
    add(extension, new OptionValues.Given(option, invert, values, valueColumn, protocol));
  }

  private ImmutableList<String> arguments(
      OptionSpec option, int column, @Nullable String attached) {
    String first = attached == null ? words.valueOf(option.name(), column) : attached;
    if (option.arguments() == 1) {
      return ImmutableList.of(first);
    }
    if (!words.hasOperand()) {
      throw words.source().error(column, option.name() + " with one value", "two values behind it");
    }
    return ImmutableList.of(first, words.next());
  }

  private void add(Extension<?> extension, OptionValues.Given given) {
    extension.values().add(given);
    if (words.isLenient()) {
      if (given.inverted()) {
        extension.addWord("!");
      }
      extension.addWord(given.option().name());
      given.values().forEach(extension::addWord);
    }
  }
}
