package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.StandardVerdict;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.match.UnmodelledMatch;
import dev.packetpath.iptables.target.UnmodelledTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the words behind {@code -A CHAIN} into one rule, or into several where {@code -s} or {@code
 * -d} list several addresses (iptables 1.8.9, xshared.c, do_parse).
 */
final class RuleReader {
  private static final ImmutableList<AddressMask> NO_ADDRESS = ImmutableList.of();

  private final IpFamily family;
  private final ReadMode mode;
  private final List<ReadNote> notes;
  private final Predicate<String> isUserChain;

  private RuleSource source = new RuleSource("", 0);
  private Words words = new Words();
  private int at;
  private boolean inverted;
  private int invertedColumn;
  private HeaderMatch.Builder header;
  private ImmutableList<AddressMask> sources = NO_ADDRESS;
  private boolean sourceInverted;
  private ImmutableList<AddressMask> destinations = NO_ADDRESS;
  private boolean destinationInverted;
  private final List<Extension<Match>> matches = new ArrayList<>();
  private @Nullable Extension<Target> target;
  private @Nullable RuleAction action;
  private int actionColumn;
  private Counters counters = Counters.ZERO;
  private boolean otherFamily;

  RuleReader(IpFamily family, ReadMode mode, List<ReadNote> notes, Predicate<String> isUserChain) {
    this.family = family;
    this.mode = mode;
    this.notes = notes;
    this.isUserChain = isUserChain;
    this.header = HeaderMatch.builder(family);
  }

  /**
   * Reads words from {@code from} on.
   *
   * @param counted what {@code [packets:bytes]} before the rule said
   */
  ReadRules read(RuleSource source, Words words, int from, Counters counted) {
    start(source, words, from, counted);
    while (at < words.size()) {
      option();
    }
    if (inverted) {
      throw source.error(invertedColumn, "\"!\" at the end", "an option behind it");
    }
    return finish();
  }

  private void start(RuleSource source, Words words, int from, Counters counted) {
    this.source = source;
    this.words = words;
    this.at = from;
    this.counters = counted;
    inverted = false;
    header = HeaderMatch.builder(family);
    sources = NO_ADDRESS;
    destinations = NO_ADDRESS;
    sourceInverted = false;
    destinationInverted = false;
    matches.clear();
    target = null;
    action = null;
    actionColumn = words.column(0);
    otherFamily = false;
  }

  private void option() {
    String word = words.word(at);
    int column = words.column(at);
    at++;
    if (word.equals("!")) {
      if (inverted) {
        throw source.error(column, "a second \"!\"", "an option behind the first");
      }
      inverted = true;
      invertedColumn = column;
      return;
    }
    if (word.length() < 2 || word.charAt(0) != '-') {
      unexpectedWord(word, column);
    } else if (word.charAt(1) != '-') {
      shortOption(word, column);
    } else {
      longOption(word, column);
    }
  }

  private void unexpectedWord(String word, int column) {
    Extension<?> last = lastUnmodelled();
    if (last == null || inverted) {
      throw source.error(column, "\"" + word + "\"", "an option, such as -j");
    }
    last.addUnmodelled(word);
  }

  private void shortOption(String word, int column) {
    char letter = word.charAt(1);
    if ("nvx46".indexOf(letter) >= 0 && word.length() == 2) {
      otherFamily |= letter == '4' && family == IpFamily.IPV6;
      otherFamily |= letter == '6' && family == IpFamily.IPV4;
      return;
    }
    String attached = word.substring(2);
    switch (letter) {
      case 's', 'd', 'i', 'o', 'p', 'm', 'j', 'g', 'c' -> {
        if (!attached.isEmpty()) {
          builtin(letter, word, column, attached, column + 2);
        } else {
          builtin(letter, word, column, null, column);
        }
      }
      case 'f' -> builtin(letter, word, column, null, column);
      default -> {
        Extension<?> last = lastUnmodelled();
        if (last == null) {
          throw source.error(column, "unknown option \"" + word + "\"", "an option of a rule");
        }
        keepUnmodelled(last, word);
      }
    }
  }

  private void longOption(String word, int column) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    String attached = equals < 0 ? null : word.substring(equals + 1);
    char builtin = builtinLetter(name);
    if (builtin != 0) {
      builtin(builtin, name, column, attached, column + equals + 1);
      return;
    }
    if (name.equals("--line-numbers") || name.equals("--numeric") || name.equals("--exact")) {
      return;
    }
    if (extensionOption(name, column, attached)
        || (loadMatchOfProtocol() && extensionOption(name, column, attached))) {
      return;
    }
    unknownOption(word, column);
  }

  private boolean extensionOption(String name, int column, @Nullable String attached) {
    return extensionOption(name, column, attached, false)
        || extensionOption(name, column, attached, true);
  }

  private void unknownOption(String word, int column) {
    Extension<?> last = lastUnmodelled();
    if (last == null && mode == ReadMode.LENIENT) {
      Extension<?> known = lastExtension();
      String owner = known == null ? "rule" : known.name();
      note(column, "option " + word + " of " + owner + " is not modelled");
      Extension<Match> added = new Extension<>(owner, values(owner, column), column);
      matches.add(added);
      last = added;
    }
    if (last == null) {
      throw source.error(
          column, "unknown option \"" + word + "\"", "an option of this rule's matches and target");
    }
    keepUnmodelled(last, word);
  }

  private void keepUnmodelled(Extension<?> extension, String word) {
    if (inverted) {
      extension.addUnmodelled("!");
      inverted = false;
    }
    extension.addUnmodelled(word);
  }

  private static char builtinLetter(String name) {
    return switch (name) {
      case "--source", "--src" -> 's';
      case "--destination", "--dst" -> 'd';
      case "--in-interface" -> 'i';
      case "--out-interface" -> 'o';
      case "--protocol", "--proto" -> 'p';
      case "--match" -> 'm';
      case "--jump" -> 'j';
      case "--goto" -> 'g';
      case "--set-counters" -> 'c';
      case "--fragments", "--fragment" -> 'f';
      default -> 0;
    };
  }

  private void builtin(
      char letter, String name, int column, @Nullable String attached, int attachedColumn) {
    boolean invert =
        takeInversion(letter == 'm' || letter == 'j' || letter == 'g' || letter == 'c', name);
    if (letter == 'f') {
      header.fragment(invert ? HeaderMatch.Fragment.FIRST_OR_WHOLE : HeaderMatch.Fragment.LATER);
      return;
    }
    int valueColumn = attachedColumn;
    String value = attached;
    if (value == null) {
      invert |= takeOldInversion(letter);
      valueColumn = at < words.size() ? words.column(at) : column;
      value = nextWord(name, column);
    }
    switch (letter) {
      case 's' -> {
        sources = HeaderReader.addresses(source, valueColumn, family, value);
        sourceInverted = invert;
      }
      case 'd' -> {
        destinations = HeaderReader.addresses(source, valueColumn, family, value);
        destinationInverted = invert;
      }
      case 'i' -> header.in(device(valueColumn, value, invert));
      case 'o' -> header.out(device(valueColumn, value, invert));
      case 'p' ->
          header.protocol(HeaderReader.protocol(source, valueColumn, value, invert), invert);
      case 'm' -> loadMatch(value, valueColumn);
      case 'j' -> jump(value, valueColumn);
      case 'g' -> goTo(value, valueColumn);
      default -> setCounters(value, valueColumn, name, column);
    }
  }

  private DeviceMatch device(int column, String text, boolean invert) {
    return HeaderReader.device(source, column, text, invert);
  }

  private boolean takeInversion(boolean refused, String option) {
    boolean taken = inverted;
    if (taken && refused) {
      throw source.error(
          invertedColumn, "\"!\" before " + option, "an option that can be inverted");
    }
    inverted = false;
    return taken;
  }

  /** Before iptables 1.4.3 the exclamation mark stood behind the option. */
  private boolean takeOldInversion(char letter) {
    if ("sdiop".indexOf(letter) < 0) {
      return false;
    }
    return takeOldInversion();
  }

  private boolean takeOldInversion() {
    if (at >= words.size() || !words.word(at).equals("!")) {
      return false;
    }
    if (mode == ReadMode.STRICT) {
      throw source.error(
          words.column(at), "\"!\" behind the option", "\"!\" before it (the old spelling)");
    }
    note(words.column(at), "old spelling: \"!\" behind the option, read as before it");
    at++;
    return true;
  }

  private String nextWord(String option, int column) {
    if (at >= words.size()) {
      throw source.error(column, option + " at the end of the line", "a value behind it");
    }
    return words.word(at++);
  }

  private void setCounters(String packets, int packetsColumn, String option, int column) {
    long packetCount = Numbers.parse(packets);
    int bytesColumn = at < words.size() ? words.column(at) : column;
    long byteCount = Numbers.parse(nextWord(option, column));
    if (packetCount < 0 || byteCount < 0) {
      throw source.error(
          packetCount < 0 ? packetsColumn : bytesColumn,
          "no number",
          "packets and bytes for " + option);
    }
    counters = new Counters(packetCount, byteCount);
  }

  private void loadMatch(String name, int column) {
    Optional<ExtensionSyntax<Match>> syntax = Extensions.match(name);
    if (syntax.isPresent() && syntax.get().supports(family)) {
      matches.add(new Extension<>(syntax.get(), values(name, column), column));
    } else if (mode == ReadMode.LENIENT) {
      note(column, "match " + name + " is not modelled");
      matches.add(new Extension<>(name, values(name, column), column));
    } else {
      throw source.error(column, "match \"" + name + "\"", "a match that is modelled");
    }
  }

  private boolean loadMatchOfProtocol() {
    Optional<ExtensionSyntax<Match>> syntax = Extensions.matchOfProtocol(header.protocol(), family);
    if (syntax.isEmpty()
        || matches.stream().anyMatch(match -> match.name().equals(syntax.get().name()))) {
      return false;
    }
    int column = words.column(at - 1);
    matches.add(new Extension<>(syntax.get(), values(syntax.get().name(), column), column));
    return true;
  }

  private OptionValues values(String name, int column) {
    return new OptionValues(source, family, name, column);
  }

  private void jump(String name, int column) {
    noAction(column);
    actionColumn = column;
    StandardVerdict verdict = verdict(name);
    if (verdict != null) {
      action = new RuleAction.Standard(verdict);
      return;
    }
    if (isUserChain.test(name)) {
      action = new RuleAction.Jump(name);
      return;
    }
    Optional<ExtensionSyntax<Target>> syntax = Extensions.target(name);
    if (syntax.isPresent() && syntax.get().supports(family)) {
      target = new Extension<>(syntax.get(), values(name, column), column);
    } else if (mode == ReadMode.LENIENT && isTargetName(name)) {
      note(column, "target " + name + " is not modelled");
      target = new Extension<>(name, values(name, column), column);
    } else {
      throw source.error(
          column, "\"" + name + "\"", "a chain declared above, or a target that is modelled");
    }
  }

  private static boolean isTargetName(String name) {
    return name.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
  }

  private static @Nullable StandardVerdict verdict(String name) {
    return switch (name) {
      case "ACCEPT" -> StandardVerdict.ACCEPT;
      case "DROP" -> StandardVerdict.DROP;
      case "QUEUE" -> StandardVerdict.QUEUE;
      case "RETURN" -> StandardVerdict.RETURN;
      default -> null;
    };
  }

  private void goTo(String name, int column) {
    noAction(column);
    actionColumn = column;
    if (!isUserChain.test(name)) {
      throw source.error(column, "\"" + name + "\"", "a chain declared above");
    }
    action = new RuleAction.Goto(name);
  }

  private void noAction(int column) {
    if (action != null || target != null) {
      throw source.error(column, "a second -j or -g", "at most one in a rule");
    }
  }

  /** Gives an option to the extension loaded last that knows it; returns whether there is one. */
  private boolean extensionOption(
      String name, int column, @Nullable String attached, boolean abbreviated) {
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
    OptionSpec spec = extension.option(name);
    if (spec == null && abbreviated) {
      List<OptionSpec> candidates = extension.abbreviated(name);
      if (candidates.size() > 1) {
        throw source.error(column, "ambiguous \"" + name + "\"", "one of " + names(candidates));
      }
      spec = candidates.isEmpty() ? null : candidates.get(0);
    }
    if (spec == null) {
      return false;
    }
    boolean invert = takeInversion(!spec.invertible(), spec.name());
    int valueColumn = column;
    ImmutableList<String> values = ImmutableList.of();
    if (attached != null) {
      values = ImmutableList.of(attached);
    } else if (spec.arguments() > 0) {
      if (spec.invertible()) {
        invert |= takeOldInversion();
      }
      valueColumn = at < words.size() ? words.column(at) : column;
      values = arguments(spec, column);
    }
    extension
        .values()
        .add(new OptionValues.Given(spec, invert, values, values.isEmpty() ? column : valueColumn));
    return true;
  }

  private static List<String> names(List<OptionSpec> options) {
    return options.stream().map(OptionSpec::name).toList();
  }

  private ImmutableList<String> arguments(OptionSpec spec, int column) {
    if (spec.argumentOptional()) {
      boolean none =
          at >= words.size() || words.word(at).startsWith("-") || words.word(at).equals("!");
      return none ? ImmutableList.of() : ImmutableList.of(words.word(at++));
    }
    String first = nextWord(spec.name(), column);
    if (spec.arguments() == 1) {
      return ImmutableList.of(first);
    }
    return ImmutableList.of(first, nextWord(spec.name(), column));
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

  private void note(int column, String text) {
    notes.add(new ReadNote(source.file(), source.line(), column, text));
  }

  private ReadRules finish() {
    ReadRules rules = new ReadRules(matchColumns(), actionColumn);
    if (otherFamily) {
      return rules;
    }
    HeaderMatch common = header.build();
    ImmutableList.Builder<Match> readMatches =
        ImmutableList.builderWithExpectedSize(matches.size());
    for (Extension<Match> match : matches) {
      match.values().header(common);
      readMatches.add(
          match.isModelled()
              ? match.read()
              : new UnmodelledMatch(match.name(), match.unmodelledWords()));
    }
    RuleAction readAction = readAction(common);
    checkInverted(sources, sourceInverted, "-s");
    checkInverted(destinations, destinationInverted, "-d");
    ImmutableList<Match> ruleMatches = readMatches.build();
    for (AddressMask from : orAny(sources)) {
      for (AddressMask to : orAny(destinations)) {
        HeaderMatch full =
            header.source(from, sourceInverted).destination(to, destinationInverted).build();
        rules.add(new Rule(full, ruleMatches, readAction, counters, source.line()));
      }
    }
    return rules;
  }

  private int[] matchColumns() {
    int[] columns = new int[matches.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = matches.get(i).column();
    }
    return columns;
  }

  private RuleAction readAction(HeaderMatch common) {
    if (target != null) {
      target.values().header(common);
      return new RuleAction.Extension(
          target.isModelled()
              ? target.read()
              : new UnmodelledTarget(target.name(), target.unmodelledWords()));
    }
    return action == null ? new RuleAction.Continue() : action;
  }

  private void checkInverted(
      ImmutableList<AddressMask> addresses, boolean isInverted, String option) {
    if (isInverted && addresses.size() > 1) {
      throw source.error(words.column(0), "! " + option + " with several addresses", "one address");
    }
  }

  private ImmutableList<AddressMask> orAny(ImmutableList<AddressMask> addresses) {
    return addresses.isEmpty() ? ImmutableList.of(AddressMask.any(family)) : addresses;
  }
}
