package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One {@code -m} or {@code -j} of the rule that is being read, with the options it was given so
 * far.
 *
 * @param <T> match or target
 */
final class Extension<T> {
  private final String name;
  private final OptionValues values;
  private final int column;
  private List<String> words = List.of();
  private @Nullable ExtensionSyntax<T> syntax;

  Extension(ExtensionSyntax<T> syntax, OptionValues values, int column) {
    this.name = syntax.name();
    this.syntax = syntax;
    this.values = values;
    this.column = column;
  }

  /** Creates one that is not modelled. */
  Extension(String name, OptionValues values, int column) {
    this.name = name;
    this.syntax = null;
    this.values = values;
    this.column = column;
  }

  String name() {
    return name;
  }

  int column() {
    return column;
  }

  OptionValues values() {
    return values;
  }

  boolean isModelled() {
    return syntax != null;
  }

  @Nullable OptionSpec option(String optionName) {
    return syntax == null ? null : syntax.options().get(optionName);
  }

  /** Returns the options that have a name with this start. */
  List<OptionSpec> abbreviated(String prefix) {
    if (syntax == null) {
      return List.of();
    }
    return syntax.options().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(prefix))
        .map(Map.Entry::getValue)
        .distinct()
        .toList();
  }

  /** Keeps a word as it was written, in case that it is not understood. */
  void addWord(String word) {
    if (words.isEmpty()) {
      words = new ArrayList<>();
    }
    words.add(word);
  }

  ImmutableList<String> words() {
    return ImmutableList.copyOf(words);
  }

  /** Makes this one of which only the text is known. */
  void giveUp() {
    syntax = null;
  }

  T read() {
    ExtensionSyntax<T> known = syntax;
    if (known == null) {
      throw new IllegalStateException(name + " is not modelled");
    }
    return known.read(values);
  }
}
