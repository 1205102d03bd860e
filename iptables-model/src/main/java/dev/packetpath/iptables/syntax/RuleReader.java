package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.StandardVerdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the words behind {@code -A CHAIN} into one rule, or into several where {@code -s} or {@code
 * -d} list several addresses (iptables 1.8.9, xshared.c, do_parse).
 */
final class RuleReader {
  private static final RuleAction CONTINUE = new RuleAction.Continue();

  private final IpFamily family;
  private final UserChains userChains;
  private final RuleWords words;
  private final RuleExtensions extensions;
  private final ImmutableList<AddressMask> anyAddress;

  private HeaderMatch.Builder header;
  private ImmutableList<AddressMask> sources;
  private boolean sourceInverted;
  private ImmutableList<AddressMask> destinations;
  private boolean destinationInverted;
  private @Nullable RuleAction action;
  private @Nullable ChainDraft called;
  private int actionColumn;
  private Counters counters = Counters.ZERO;
  private boolean otherFamily;

  RuleReader(IpFamily family, ReadMode mode, List<ReadNote> notes, UserChains userChains) {
    this.family = family;
    this.userChains = userChains;
    this.words = new RuleWords(mode, notes);
    this.extensions = new RuleExtensions(family, words);
    this.anyAddress = ImmutableList.of(AddressMask.any(family));
    this.header = HeaderMatch.builder(family);
    this.sources = anyAddress;
    this.destinations = anyAddress;
  }

  /**
   * Reads words from {@code from} on; returns the rules, none if they are for the other family.
   *
   * @param counted what {@code [packets:bytes]} before the rule said
   */
  List<DraftRule> read(RuleSource source, Words line, int from, Counters counted) {
    words.start(source, line, from);
    extensions.start();
    header = HeaderMatch.builder(family);
    sources = anyAddress;
    destinations = anyAddress;
    sourceInverted = false;
    destinationInverted = false;
    action = null;
    called = null;
    actionColumn = words.firstColumn();
    counters = counted;
    otherFamily = false;
    while (words.hasNext()) {
      option();
    }
    words.end();
    return otherFamily ? List.of() : finish();
  }

  private void option() {
    String word = words.next();
    int column = words.lastColumn();
    if (word.equals("!")) {
      words.invert();
    } else if (word.length() < 2 || word.charAt(0) != '-') {
      extensions.value(word, column);
    } else if (word.charAt(1) != '-') {
      shortOption(word, column);
    } else {
      longOption(word, column);
    }
  }

  private void shortOption(String word, int column) {
    char letter = word.charAt(1);
    if ("nvx46".indexOf(letter) >= 0 && word.length() == 2) {
      otherFamily |= letter == '4' && family == IpFamily.IPV6;
      otherFamily |= letter == '6' && family == IpFamily.IPV4;
      return;
    }
    switch (letter) {
      case 's', 'd', 'i', 'o', 'p', 'm', 'j', 'g', 'c' -> {
        if (word.length() > 2) {
          builtin(letter, word, column, word.substring(2), column + 2);
        } else {
          builtin(letter, word, column, null, column);
        }
      }
      case 'f' -> builtin(letter, word, column, null, column);
      default -> extensions.unknownShortOption(word, column);
    }
  }

  private void longOption(String word, int column) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    String attached = equals < 0 ? null : word.substring(equals + 1);
    char builtin = builtinLetter(name);
    if (builtin != 0) {
      builtin(builtin, name, column, attached, column + equals + 1);
    } else if (!name.equals("--line-numbers")
        && !name.equals("--numeric")
        && !name.equals("--exact")) {
      extensions.option(word, name, column, attached, header.protocol());
    }
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
    boolean invertible = letter != 'm' && letter != 'j' && letter != 'g' && letter != 'c';
    boolean invert = words.takeInversion(invertible, name);
    if (letter == 'f') {
      header.fragment(invert ? HeaderMatch.Fragment.FIRST_OR_WHOLE : HeaderMatch.Fragment.LATER);
      return;
    }
    int valueColumn = attachedColumn;
    String value = attached;
    if (value == null) {
      invert |= invertible && words.takeOldInversion();
      valueColumn = words.nextColumn(column);
      value = words.valueOf(name, column);
    }
    RuleSource source = words.source();
    switch (letter) {
      case 's' -> {
        sources = HeaderReader.addresses(source, valueColumn, family, value);
        sourceInverted = invert;
      }
      case 'd' -> {
        destinations = HeaderReader.addresses(source, valueColumn, family, value);
        destinationInverted = invert;
      }
      case 'i' -> header.in(HeaderReader.device(source, valueColumn, value, invert));
      case 'o' -> header.out(HeaderReader.device(source, valueColumn, value, invert));
      case 'p' ->
          header.protocol(HeaderReader.protocol(source, valueColumn, value, invert), invert);
      case 'm' -> extensions.loadMatch(value, valueColumn);
      case 'j' -> jump(value, valueColumn);
      case 'g' -> goTo(value, valueColumn);
      default -> setCounters(value, valueColumn, name, column);
    }
  }

  private void setCounters(String packets, int packetsColumn, String option, int column) {
    long packetCount = Numbers.parse(packets);
    int bytesColumn = words.nextColumn(column);
    long byteCount = Numbers.parse(words.valueOf(option, column));
    if (packetCount < 0 || byteCount < 0) {
      throw words
          .source()
          .error(
              packetCount < 0 ? packetsColumn : bytesColumn,
              "no number",
              "packets and bytes for " + option);
    }
    counters = new Counters(packetCount, byteCount);
  }

  private void jump(String name, int column) {
    noAction(column);
    actionColumn = column;
    action = standard(name);
    if (action != null) {
      return;
    }
    called = userChains.find(name);
    if (called != null) {
      action = called.jump();
    } else {
      extensions.loadTarget(name, column);
    }
  }

  private static @Nullable RuleAction standard(String name) {
    return switch (name) {
      case "ACCEPT" -> new RuleAction.Standard(StandardVerdict.ACCEPT);
      case "DROP" -> new RuleAction.Standard(StandardVerdict.DROP);
      case "QUEUE" -> new RuleAction.Standard(StandardVerdict.QUEUE);
      case "RETURN" -> new RuleAction.Standard(StandardVerdict.RETURN);
      default -> null;
    };
  }

  private void goTo(String name, int column) {
    noAction(column);
    actionColumn = column;
    called = userChains.find(name);
    if (called == null) {
      throw words.source().error(column, "\"" + name + "\"", "a chain declared above");
    }
    action = new RuleAction.Goto(called.name());
  }

  private void noAction(int column) {
    if (action != null || extensions.hasTarget()) {
      throw words.source().error(column, "a second -j or -g", "at most one in a rule");
    }
  }

  private List<DraftRule> finish() {
    HeaderMatch common = header.build();
    ImmutableList<Match> matches = extensions.readMatches(common);
    RuleAction rulesAction = finishAction(common);
    checkInverted(sources, sourceInverted, "-s");
    checkInverted(destinations, destinationInverted, "-d");
    int[] columns = extensions.columns(actionColumn);
    List<DraftRule> rules = new ArrayList<>(1);
    for (AddressMask from : sources) {
      for (AddressMask to : destinations) {
        HeaderMatch full =
            header.source(from, sourceInverted).destination(to, destinationInverted).build();
        Rule rule = new Rule(full, matches, rulesAction, counters, words.source().line());
        rules.add(new DraftRule(rule, called, columns));
      }
    }
    return rules;
  }

  private RuleAction finishAction(HeaderMatch common) {
    if (action != null) {
      return action;
    }
    return extensions
        .readTarget(common)
        .<RuleAction>map(RuleAction.Extension::new)
        .orElse(CONTINUE);
  }

  private void checkInverted(
      ImmutableList<AddressMask> addresses, boolean isInverted, String option) {
    if (isInverted && addresses.size() > 1) {
      throw words
          .source()
          .error(words.firstColumn(), "! " + option + " with several addresses", "one address");
    }
  }
}
