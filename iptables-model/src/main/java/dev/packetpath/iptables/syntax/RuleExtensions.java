package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.match.UnmodelledMatch;
import dev.packetpath.iptables.target.UnmodelledTarget;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The matches and the target of the rule that is being read: loads them by name, and gives each
 * option to the one loaded last that knows it.
 */
final class RuleExtensions {
  private final IpFamily family;
  private final RuleWords words;
  private final SharedValues shared;
  private final OptionArguments arguments;
  private final LoadedExtensions loaded = new LoadedExtensions();

  RuleExtensions(IpFamily family, RuleWords words, SharedValues shared) {
    this.family = family;
    this.words = words;
    this.shared = shared;
    this.arguments = new OptionArguments(words);
  }

  /** Starts a rule without any. */
  void start() {
    loaded.clear();
  }

  /** Loads the match that {@code -m} names. */
  void loadMatch(String name, int column) {
    Optional<ExtensionSyntax<Match>> syntax = Extensions.match(name);
    if (syntax.isEmpty() && words.isLenient()) {
      syntax = OldSpellings.match(name).flatMap(Extensions::match);
      syntax.ifPresent(
          known -> words.note(column, "old spelling: -m " + name + ", read as -m " + known.name()));
    }
    if (syntax.isPresent() && syntax.get().supports(family)) {
      loaded.add(new Extension<>(syntax.get(), values(name, column), column));
    } else if (words.isLenient()) {
      words.note(column, "match " + name + " is not modelled");
      loaded.add(new Extension<>(name, values(name, column), column));
    } else {
      throw words.source().error(column, "match \"" + name + "\"", "a match that is modelled");
    }
  }

  /** Loads the target that {@code -j} names. */
  void loadTarget(String name, int column) {
    Optional<ExtensionSyntax<Target>> syntax = Extensions.target(name);
    if (syntax.isPresent() && syntax.get().supports(family)) {
      loaded.target(new Extension<>(syntax.get(), values(name, column), column));
    } else if (words.isLenient() && isTargetName(name)) {
      words.note(column, "target " + name + " is not modelled");
      loaded.target(new Extension<>(name, values(name, column), column));
    } else {
      throw words
          .source()
          .error(
              column, "\"" + name + "\"", "a chain declared above, or a target that is modelled");
    }
  }

  private static boolean isTargetName(String name) {
    return !name.isEmpty()
        && name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
  }

  private OptionValues values(String name, int column) {
    return new OptionValues(words.source(), family, shared, name, column);
  }

  /** Finds the option that once had this name. */
  private @Nullable LongOption oldOption(String name, int column) {
    List<Extension<?>> extensions = loaded.takingOptions();
    for (int i = extensions.size() - 1; i >= 0; i--) {
      Extension<?> extension = extensions.get(i);
      String today = OldSpellings.option(extension.name(), name);
      OptionSpec option = extension.option(today);
      if (option != null) {
        words.note(column, "old spelling: " + name + ", read as " + today);
        return new LongOption(extension, option, null);
      }
    }
    return null;
  }

  /**
   * Gives a long option to the extension that knows it: the one loaded last that has an option of
   * this name, or else the only one that has one whose name starts so.
   *
   * @param word the option as it was written
   * @param name its name
   * @param attached what stood behind {@code =}
   * @param protocol the rule's protocol, whose match is loaded if the option needs it
   * @return null, or the option of iptables itself that the name abbreviates
   */
  @Nullable BaseOption option(
      String word,
      String name,
      int column,
      @Nullable String attached,
      int attachedColumn,
      int protocol) {
    if (giveByName(name, column, attached, attachedColumn, protocol)) {
      return null;
    }
    LongOption found = abbreviated(name);
    if (found == null && loadMatchOfProtocol(protocol, name)) {
      if (giveByName(name, column, attached, attachedColumn, protocol)) {
        return null;
      }
      found = abbreviated(name);
    }
    if (found == null && words.isLenient()) {
      found = oldOption(name, column);
    }
    if (found == null) {
      unknownOption(word, name, column);
      return null;
    }
    if (found.extension() != null && found.option() != null) {
      arguments.give(found.extension(), found.option(), column, attached, attachedColumn, protocol);
    }
    return found.base();
  }

  private boolean giveByName(
      String name, int column, @Nullable String attached, int attachedColumn, int protocol) {
    List<Extension<?>> extensions = loaded.takingOptions();
    for (int i = extensions.size() - 1; i >= 0; i--) {
      OptionSpec option = extensions.get(i).option(name);
      if (option != null) {
        arguments.give(extensions.get(i), option, column, attached, attachedColumn, protocol);
        return true;
      }
    }
    return false;
  }

  private @Nullable LongOption abbreviated(String name) {
    if (loaded.lastUnmodelled() != null) {
      return null;
    }
    List<LongOption> candidates = LongOption.abbreviated(name, loaded.takingOptions());
    return candidates.size() == 1 ? candidates.get(0) : null;
  }

  private boolean loadMatchOfProtocol(int protocol, String name) {
    Optional<ExtensionSyntax<Match>> syntax = Extensions.matchOfProtocol(protocol, family);
    if (syntax.isEmpty() || loaded.hasMatch(syntax.get().name())) {
      return false;
    }
    if (loaded.lastUnmodelled() != null && !syntax.get().options().containsKey(name)) {
      return false;
    }
    int column = words.lastColumn();
    loaded.add(new Extension<>(syntax.get(), values(syntax.get().name(), column), column));
    return true;
  }

  /** Takes an option that no extension knows: an error, or kept as it is when reading leniently. */
  private void unknownOption(String word, String name, int column) {
    Extension<?> last = loaded.lastUnmodelled();
    if (last == null && words.isLenient()) {
      last = unmodelledOption(word, column);
    }
    if (last == null) {
      List<LongOption> candidates = LongOption.abbreviated(name, loaded.takingOptions());
      throw words
          .source()
          .error(
              column,
              (candidates.isEmpty() ? "unknown option \"" : "ambiguous option \"") + word + "\"",
              candidates.isEmpty()
                  ? "an option of this rule's matches and target" + Extensions.owners(name)
                  : "one of " + candidates);
    }
    keep(last, word);
  }

  /**
   * Keeps an unknown option beside the match that it seems to belong to, so that what the match
   * says otherwise is still known; a target with such an option is not known at all.
   */
  private Extension<?> unmodelledOption(String word, int column) {
    Extension<?> owner = loaded.last();
    String of = owner == null ? "iptables" : owner.name();
    words.note(column, "option " + word + " of " + of + " is not modelled");
    if (owner != null && owner == loaded.target()) {
      owner.giveUp();
      return owner;
    }
    Extension<Match> loose = new Extension<>("", values(of, column), column);
    loaded.add(loose);
    return loose;
  }

  /** Adds an option of iptables itself, of which only the text is known. */
  void addLoose(ImmutableList<String> text, int column) {
    Extension<Match> loose = new Extension<>("", values("iptables", column), column);
    text.forEach(loose::addWord);
    loaded.addText(loose);
  }

  /** Takes a short option that iptables has not. */
  void unknownShortOption(String word, int column) {
    Extension<?> last = loaded.lastUnmodelled();
    if (last == null) {
      throw words.source().error(column, "unknown option \"" + word + "\"", "an option of a rule");
    }
    keep(last, word);
  }

  /** Takes a word that is no option: a value of an extension that is not modelled. */
  void value(String word, int column) {
    Extension<?> last = loaded.lastUnmodelled();
    if (last == null || words.isInverted()) {
      throw words.source().error(column, "\"" + word + "\"", "an option, such as -j");
    }
    last.addWord(word);
  }

  private void keep(Extension<?> extension, String word) {
    if (words.takeInversion(true, word)) {
      extension.addWord("!");
    }
    extension.addWord(word);
  }

  /**
   * Returns the columns of the matches, and of the action behind them: often those of the rule
   * before, and then the same array.
   */
  int[] columns(int actionColumn) {
    return loaded.columns(actionColumn);
  }

  /** Makes the matches of their options. */
  ImmutableList<Match> readMatches() {
    List<Extension<Match>> matches = loaded.matches();
    if (matches.isEmpty()) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<Match> read = ImmutableList.builderWithExpectedSize(matches.size());
    for (int i = 0; i < matches.size(); i++) {
      read.add(shared.share(read(matches.get(i), UnmodelledMatch::new)));
    }
    return shared.share(read.build());
  }

  /** Makes the target of its options, if there is one. */
  Optional<Target> readTarget() {
    Extension<Target> given = loaded.target();
    return given == null ? Optional.empty() : Optional.of(read(given, UnmodelledTarget::new));
  }

  private <T> T read(
      Extension<T> extension, BiFunction<String, ImmutableList<String>, T> unmodelled) {
    if (words.isLenient()) {
      OldSpellings.complete(extension, words);
    }
    if (extension.isModelled()) {
      try {
        return extension.read();
      } catch (SyntaxException e) {
        if (!words.isLenient()) {
          throw e;
        }
        words.noteUnmodelled(e, extension.name());
      }
    }
    return unmodelled.apply(extension.name(), extension.words());
  }
}
