package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.match.UnmodelledMatch;
import dev.packetpath.iptables.target.UnmodelledTarget;
import java.util.ArrayList;
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
  private final List<Extension<Match>> matches = new ArrayList<>();
  private final List<Extension<?>> loaded = new ArrayList<>();
  private @Nullable Extension<Target> target;
  private int[] lastColumns = new int[0];

  RuleExtensions(IpFamily family, RuleWords words, SharedValues shared) {
    this.family = family;
    this.words = words;
    this.shared = shared;
  }

  /** Starts a rule without any. */
  void start() {
    matches.clear();
    loaded.clear();
    target = null;
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
      add(new Extension<>(syntax.get(), values(name, column), column));
    } else if (words.isLenient()) {
      words.note(column, "match " + name + " is not modelled");
      add(new Extension<>(name, values(name, column), column));
    } else {
      throw words.source().error(column, "match \"" + name + "\"", "a match that is modelled");
    }
  }

  /** Loads the target that {@code -j} names. */
  void loadTarget(String name, int column) {
    Optional<ExtensionSyntax<Target>> syntax = Extensions.target(name);
    if (syntax.isPresent() && syntax.get().supports(family)) {
      setTarget(new Extension<>(syntax.get(), values(name, column), column));
    } else if (words.isLenient() && isTargetName(name)) {
      words.note(column, "target " + name + " is not modelled");
      setTarget(new Extension<>(name, values(name, column), column));
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
    for (int i = loaded.size() - 1; i >= 0; i--) {
      Extension<?> extension = loaded.get(i);
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
   * A match that is loaded again takes the place of its first load among those that options are
   * looked for in, since iptables merges the options of a name once only.
   */
  private void add(Extension<Match> match) {
    matches.add(match);
    for (int i = 0; i < loaded.size(); i++) {
      if (match.isModelled() && loaded.get(i).name().equals(match.name())) {
        loaded.set(i, match);
        return;
      }
    }
    loaded.add(match);
  }

  private void setTarget(Extension<Target> newTarget) {
    target = newTarget;
    loaded.add(newTarget);
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
      give(found.extension(), found.option(), column, attached, attachedColumn, protocol);
    }
    return found.base();
  }

  private boolean giveByName(
      String name, int column, @Nullable String attached, int attachedColumn, int protocol) {
    for (int i = loaded.size() - 1; i >= 0; i--) {
      OptionSpec option = loaded.get(i).option(name);
      if (option != null) {
        give(loaded.get(i), option, column, attached, attachedColumn, protocol);
        return true;
      }
    }
    return false;
  }

  private @Nullable LongOption abbreviated(String name) {
    if (lastUnmodelled() != null) {
      return null;
    }
    List<LongOption> candidates = LongOption.abbreviated(name, loaded);
    return candidates.size() == 1 ? candidates.get(0) : null;
  }

  private boolean loadMatchOfProtocol(int protocol, String name) {
    Optional<ExtensionSyntax<Match>> syntax = Extensions.matchOfProtocol(protocol, family);
    if (syntax.isEmpty() || isLoaded(syntax.get().name())) {
      return false;
    }
    if (lastUnmodelled() != null && !syntax.get().options().containsKey(name)) {
      return false;
    }
    int column = words.lastColumn();
    add(new Extension<>(syntax.get(), values(syntax.get().name(), column), column));
    return true;
  }

  private boolean isLoaded(String match) {
    for (Extension<Match> each : matches) {
      if (each.name().equals(match)) {
        return true;
      }
    }
    return false;
  }

  /** Takes an option that no extension knows: an error, or kept as it is when reading leniently. */
  private void unknownOption(String word, String name, int column) {
    Extension<?> last = lastUnmodelled();
    if (last == null && words.isLenient()) {
      last = unmodelledOption(word, column);
    }
    if (last == null) {
      List<LongOption> candidates = LongOption.abbreviated(name, loaded);
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
    Extension<?> owner = lastExtension();
    String of = owner == null ? "iptables" : owner.name();
    words.note(column, "option " + word + " of " + of + " is not modelled");
    if (owner != null && owner == target) {
      owner.giveUp();
      return owner;
    }
    Extension<Match> loose = new Extension<>("", values(of, column), column);
    add(loose);
    return loose;
  }

  /** Adds an option of iptables itself, of which only the text is known. */
  void addLoose(ImmutableList<String> text, int column) {
    Extension<Match> loose = new Extension<>("", values("iptables", column), column);
    text.forEach(loose::addWord);
    matches.add(loose);
  }

  /** Takes a short option that iptables has not. */
  void unknownShortOption(String word, int column) {
    Extension<?> last = lastUnmodelled();
    if (last == null) {
      throw words.source().error(column, "unknown option \"" + word + "\"", "an option of a rule");
    }
    keep(last, word);
  }

  /** Takes a word that is no option: a value of an extension that is not modelled. */
  void value(String word, int column) {
    Extension<?> last = lastUnmodelled();
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

  private void give(
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
    add(
        extension,
        new OptionValues.Given(
            option, invert, values, values.isEmpty() ? column : valueColumn, protocol));
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

  private ImmutableList<String> arguments(
      OptionSpec option, int column, @Nullable String attached) {
    if (attached == null && option.argumentOptional()) {
      return words.hasOperand() ? ImmutableList.of(words.next()) : ImmutableList.of();
    }
    String first = attached == null ? words.valueOf(option.name(), column) : attached;
    if (option.arguments() == 1) {
      return ImmutableList.of(first);
    }
    if (!words.hasOperand()) {
      throw words.source().error(column, option.name() + " with one value", "two values behind it");
    }
    return ImmutableList.of(first, words.next());
  }

  private @Nullable Extension<?> lastExtension() {
    return loaded.isEmpty() ? null : loaded.get(loaded.size() - 1);
  }

  private @Nullable Extension<?> lastUnmodelled() {
    Extension<?> last = lastExtension();
    return last == null || last.isModelled() ? null : last;
  }

  /**
   * Returns the columns of the matches, and of the action behind them: often those of the rule
   * before, and then the same array.
   */
  int[] columns(int actionColumn) {
    int count = matches.size();
    int[] columns = lastColumns;
    boolean same = columns.length == count + 1 && columns[count] == actionColumn;
    for (int i = 0; same && i < count; i++) {
      same = columns[i] == matches.get(i).column();
    }
    if (same) {
      return columns;
    }
    columns = new int[count + 1];
    for (int i = 0; i < count; i++) {
      columns[i] = matches.get(i).column();
    }
    columns[count] = actionColumn;
    lastColumns = columns;
    return columns;
  }

  /** Makes the matches of their options. */
  ImmutableList<Match> readMatches(HeaderMatch header) {
    if (matches.isEmpty()) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<Match> read = ImmutableList.builderWithExpectedSize(matches.size());
    for (int i = 0; i < matches.size(); i++) {
      read.add(shared.share(read(matches.get(i), header, UnmodelledMatch::new)));
    }
    return shared.share(read.build());
  }

  /** Makes the target of its options, if there is one. */
  Optional<Target> readTarget(HeaderMatch header) {
    Extension<Target> given = target;
    return given == null
        ? Optional.empty()
        : Optional.of(read(given, header, UnmodelledTarget::new));
  }

  private <T> T read(
      Extension<T> extension,
      HeaderMatch header,
      BiFunction<String, ImmutableList<String>, T> unmodelled) {
    extension.values().header(header);
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
        words.note(
            e.column(),
            "found "
                + e.found()
                + ", expected "
                + e.expected()
                + ", so "
                + extension.name()
                + " is not modelled");
      }
    }
    return unmodelled.apply(extension.name(), extension.words());
  }
}
