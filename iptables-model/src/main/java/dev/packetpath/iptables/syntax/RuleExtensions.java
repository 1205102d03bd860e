package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.match.UnmodelledMatch;
import dev.packetpath.iptables.target.UnmodelledTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The matches and the target of the rule that is being read: loads them by name, and gives each
 * option to the one loaded last that knows it.
 */
final class RuleExtensions {
  private final IpFamily family;
  private final RuleWords words;
  private final List<Extension<Match>> matches = new ArrayList<>();
  private @Nullable Extension<Target> target;

  RuleExtensions(IpFamily family, RuleWords words) {
    this.family = family;
    this.words = words;
  }

  /** Starts a rule without any. */
  void start() {
    matches.clear();
    target = null;
  }

  boolean hasTarget() {
    return target != null;
  }

  /** Loads the match that {@code -m} names. */
  void loadMatch(String name, int column) {
    Optional<ExtensionSyntax<Match>> syntax = Extensions.match(name);
    if (syntax.isPresent() && syntax.get().supports(family)) {
      matches.add(new Extension<>(syntax.get(), values(name, column), column));
    } else if (words.isLenient()) {
      words.note(column, "match " + name + " is not modelled");
      matches.add(new Extension<>(name, values(name, column), column));
    } else {
      throw words.source().error(column, "match \"" + name + "\"", "a match that is modelled");
    }
  }

  /** Loads the target that {@code -j} names. */
  void loadTarget(String name, int column) {
    Optional<ExtensionSyntax<Target>> syntax = Extensions.target(name);
    if (syntax.isPresent() && syntax.get().supports(family)) {
      target = new Extension<>(syntax.get(), values(name, column), column);
    } else if (words.isLenient() && isTargetName(name)) {
      words.note(column, "target " + name + " is not modelled");
      target = new Extension<>(name, values(name, column), column);
    } else {
      throw words
          .source()
          .error(
              column, "\"" + name + "\"", "a chain declared above, or a target that is modelled");
    }
  }

  private static boolean isTargetName(String name) {
    return name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
  }

  private OptionValues values(String name, int column) {
    return new OptionValues(words.source(), family, name, column);
  }

  /**
   * Gives an option to the extension that knows it.
   *
   * @param word the option as it was written
   * @param name its name
   * @param attached what stood behind {@code =}
   * @param protocol the rule's protocol, whose match is loaded if the option needs it
   */
  void option(String word, String name, int column, @Nullable String attached, int protocol) {
    if (!give(name, column, attached)
        && !(loadMatchOfProtocol(protocol) && give(name, column, attached))) {
      unknownOption(word, column);
    }
  }

  private boolean loadMatchOfProtocol(int protocol) {
    Optional<ExtensionSyntax<Match>> syntax = Extensions.matchOfProtocol(protocol, family);
    if (syntax.isEmpty()
        || matches.stream().anyMatch(match -> match.name().equals(syntax.get().name()))) {
      return false;
    }
    int column = words.lastColumn();
    matches.add(new Extension<>(syntax.get(), values(syntax.get().name(), column), column));
    return true;
  }

  /** Takes an option that no extension knows: an error, or kept as it is when reading leniently. */
  private void unknownOption(String word, int column) {
    Extension<?> last = lastUnmodelled();
    if (last == null && words.isLenient()) {
      Extension<?> known = lastExtension();
      String owner = known == null ? "rule" : known.name();
      words.note(column, "option " + word + " of " + owner + " is not modelled");
      Extension<Match> added = new Extension<>(owner, values(owner, column), column);
      matches.add(added);
      last = added;
    }
    if (last == null) {
      throw words
          .source()
          .error(
              column,
              "unknown option \"" + word + "\"",
              "an option of this rule's matches and target");
    }
    keep(last, word);
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
    last.addUnmodelled(word);
  }

  private void keep(Extension<?> extension, String word) {
    if (words.takeInversion(true, word)) {
      extension.addUnmodelled("!");
    }
    extension.addUnmodelled(word);
  }

  private boolean give(String name, int column, @Nullable String attached) {
    return give(name, column, attached, false) || give(name, column, attached, true);
  }

  private boolean give(String name, int column, @Nullable String attached, boolean abbreviated) {
    if (target != null && give(target, name, column, attached, abbreviated)) {
      return true;
    }
    for (int i = matches.size() - 1; i >= 0; i--) {
      if (give(matches.get(i), name, column, attached, abbreviated)) {
        return true;
      }
    }
    return false;
  }

  private boolean give(
      Extension<?> extension,
      String name,
      int column,
      @Nullable String attached,
      boolean abbreviated) {
    OptionSpec spec = abbreviated ? abbreviated(extension, name, column) : extension.option(name);
    if (spec == null) {
      return false;
    }
    boolean invert = words.takeInversion(spec.invertible(), spec.name());
    int valueColumn = column;
    ImmutableList<String> values = ImmutableList.of();
    if (attached != null) {
      values = ImmutableList.of(attached);
    } else if (spec.arguments() > 0) {
      if (spec.invertible()) {
        invert |= words.takeOldInversion();
      }
      valueColumn = words.nextColumn(column);
      values = arguments(spec, column);
    }
    extension
        .values()
        .add(new OptionValues.Given(spec, invert, values, values.isEmpty() ? column : valueColumn));
    return true;
  }

  private @Nullable OptionSpec abbreviated(Extension<?> extension, String name, int column) {
    OptionSpec spec = extension.option(name);
    if (spec != null) {
      return spec;
    }
    List<OptionSpec> candidates = extension.abbreviated(name);
    if (candidates.size() > 1) {
      throw words
          .source()
          .error(
              column,
              "ambiguous \"" + name + "\"",
              "one of " + candidates.stream().map(OptionSpec::name).toList());
    }
    return candidates.isEmpty() ? null : candidates.get(0);
  }

  private ImmutableList<String> arguments(OptionSpec spec, int column) {
    if (spec.argumentOptional()) {
      boolean none = !words.hasNext() || words.peek().startsWith("-") || words.peek().equals("!");
      return none ? ImmutableList.of() : ImmutableList.of(words.next());
    }
    String first = words.valueOf(spec.name(), column);
    if (spec.arguments() == 1) {
      return ImmutableList.of(first);
    }
    return ImmutableList.of(first, words.valueOf(spec.name(), column));
  }

  private @Nullable Extension<?> lastExtension() {
    if (target != null) {
      return target;
    }
    return matches.isEmpty() ? null : matches.get(matches.size() - 1);
  }

  private @Nullable Extension<?> lastUnmodelled() {
    Extension<?> last = lastExtension();
    return last == null || last.isModelled() ? null : last;
  }

  /** Returns the columns of the matches, and of the action behind them. */
  int[] columns(int actionColumn) {
    int[] columns = new int[matches.size() + 1];
    for (int i = 0; i < matches.size(); i++) {
      columns[i] = matches.get(i).column();
    }
    columns[matches.size()] = actionColumn;
    return columns;
  }

  /** Makes the matches of their options. */
  ImmutableList<Match> readMatches(HeaderMatch header) {
    ImmutableList.Builder<Match> read = ImmutableList.builderWithExpectedSize(matches.size());
    for (Extension<Match> match : matches) {
      match.values().header(header);
      read.add(
          match.isModelled()
              ? match.read()
              : new UnmodelledMatch(match.name(), match.unmodelledWords()));
    }
    return read.build();
  }

  /** Makes the target of its options, if there is one. */
  Optional<Target> readTarget(HeaderMatch header) {
    Extension<Target> read = target;
    if (read == null) {
      return Optional.empty();
    }
    read.values().header(header);
    return Optional.of(
        read.isModelled()
            ? read.read()
            : new UnmodelledTarget(read.name(), read.unmodelledWords()));
  }
}
