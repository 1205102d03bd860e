package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.TableName;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a line says of a rule into one rule, or into several where {@code -s} or {@code -d}
 * list several addresses (iptables 1.8.9, xshared.c, do_parse).
 */
final class RuleReader {
  private final IpFamily family;
  private final RuleWords words;
  private final RuleExtensions extensions;
  private final ActionReader action;
  private final SharedValues shared;
  private final ImmutableList<AddressMask> anyAddress;
  private final EnumSet<BaseOption> given = EnumSet.noneOf(BaseOption.class);

  private final List<DraftRule> rules = new ArrayList<>();

  private final HeaderMatch.Builder header;
  private final HeaderMatch nothingAsked;

  /** The header part read last that asks for no address: the next such one often is the same. */
  private HeaderMatch noAddress;

  private ImmutableList<AddressMask> sources;
  private boolean sourceInverted;
  private ImmutableList<AddressMask> destinations;
  private boolean destinationInverted;
  private int inColumn;
  private int outColumn;
  private Counters counters = Counters.ZERO;
  private @Nullable BaseOption firstGiven;
  private int firstGivenColumn;

  RuleReader(
      IpFamily family,
      RuleWords words,
      RuleExtensions extensions,
      SharedValues shared,
      UserChains userChains) {
    this.family = family;
    this.words = words;
    this.extensions = extensions;
    this.action = new ActionReader(words, extensions, shared, userChains);
    this.shared = shared;
    this.anyAddress = ImmutableList.of(AddressMask.any(family));
    this.header = HeaderMatch.builder(family);
    this.nothingAsked = header.build();
    this.noAddress = nothingAsked;
    this.sources = anyAddress;
    this.destinations = anyAddress;
  }

  /**
   * Starts a rule.
   *
   * @param counted what {@code [packets:bytes]} before the rule said
   */
  void start(Counters counted) {
    extensions.start();
    header.clear();
    sources = anyAddress;
    destinations = anyAddress;
    sourceInverted = false;
    destinationInverted = false;
    action.start();
    counters = counted;
    inColumn = 0;
    outColumn = 0;
    given.clear();
    rules.clear();
    firstGiven = null;
  }

  /** Returns the protocol asked for so far. */
  int protocol() {
    return header.protocol();
  }

  /** Takes an option of a rule. */
  void option(
      BaseOption option, String word, int column, @Nullable String attached, int attachedColumn) {
    boolean invert = words.takeInversion(option.isInvertible(), option.toString());
    checkOnce(option, column);
    if (option == BaseOption.FRAGMENTS) {
      fragments(column, invert);
      return;
    }
    if (option == BaseOption.JUMP && attached == null && action.jumpToChain(column)) {
      return;
    }
    int valueColumn = attachedColumn;
    String value;
    if (attached == null) {
      invert |= option.isInvertible() && words.takeOldInversion();
      valueColumn = words.nextColumn(column);
      value = words.valueOf(option.toString(), column);
    } else if (!option.takesWholeWord()) {
      value = attached;
    } else if (words.isLenient()) {
      words.note(column, "old spelling: a value attached to " + option + ", read as behind it");
      value = attached;
    } else if (option == BaseOption.IN_INTERFACE || option == BaseOption.OUT_INTERFACE) {
      value = word;
      valueColumn = column;
    } else {
      throw words
          .source()
          .error(
              column,
              "\"" + word + "\", which iptables-restore takes as the value",
              "a space between " + option + " and its value");
    }
    try {
      value(option, value, valueColumn, column, invert);
    } catch (SyntaxException e) {
      if (!words.isLenient() || !option.isInvertible()) {
        throw e;
      }
      unmodelledValue(e, option, value, column, invert);
    }
  }

  /** Keeps a value that cannot be read, such as a host name, as text. */
  private void unmodelledValue(
      SyntaxException error, BaseOption option, String value, int column, boolean invert) {
    words.noteUnmodelled(error, option.toString());
    ImmutableList<String> text = ImmutableList.of(option.toString(), value);
    extensions.addLoose(
        invert ? ImmutableList.<String>builder().add("!").addAll(text).build() : text, column);
  }

  private void checkOnce(BaseOption option, int column) {
    if (firstGiven == null) {
      firstGiven = option;
      firstGivenColumn = column;
    }
    BaseOption counted = option == BaseOption.GOTO ? BaseOption.JUMP : option;
    if (option != BaseOption.MATCH && !given.add(counted)) {
      throw words
          .source()
          .error(
              column,
              counted == BaseOption.JUMP ? "a second -j or -g" : "a second " + option,
              "at most one in a rule");
    }
  }

  private void fragments(int column, boolean invert) {
    if (family == IpFamily.IPV6) {
      throw words.source().error(column, "-f in IPv6", "-m frag instead");
    }
    header.fragment(invert ? HeaderMatch.Fragment.FIRST_OR_WHOLE : HeaderMatch.Fragment.LATER);
  }

  private void value(BaseOption option, String value, int valueColumn, int column, boolean invert) {
    RuleSource source = words.source();
    switch (option) {
      case SOURCE -> {
        sources = HeaderReader.addresses(source, valueColumn, family, value, shared);
        sourceInverted = invert;
      }
      case DESTINATION -> {
        destinations = HeaderReader.addresses(source, valueColumn, family, value, shared);
        destinationInverted = invert;
      }
      case IN_INTERFACE -> {
        header.in(HeaderReader.device(source, valueColumn, value, invert));
        inColumn = column;
      }
      case OUT_INTERFACE -> {
        header.out(HeaderReader.device(source, valueColumn, value, invert));
        outColumn = column;
      }
      case PROTOCOL ->
          header.protocol(HeaderReader.protocol(source, valueColumn, value, invert), invert);
      case MATCH -> extensions.loadMatch(value, valueColumn);
      case JUMP -> action.jump(value, valueColumn);
      case GOTO -> action.goTo(value, valueColumn);
      default -> setCounters(value, valueColumn, column);
    }
  }

  /**
   * Checks that no option of a rule was given.
   *
   * @param command the command that takes none
   */
  void checkNoOption(BaseOption command) {
    if (firstGiven == null
        || firstGiven == BaseOption.MATCH
        || (command == BaseOption.POLICY && firstGiven == BaseOption.COUNTERS)) {
      return;
    }
    throw words
        .source()
        .error(firstGivenColumn, firstGiven + " with " + command, "an option of " + command);
  }

  /** Returns what {@code -c}, or {@code [packets:bytes]} before the command, said. */
  Counters counters() {
    return counters;
  }

  /**
   * Checks what iptables checks before it gives the rule to the kernel.
   *
   * @throws dev.packetpath.core.SyntaxException if the rule may not stand in the chain
   */
  void checkPlace(TableName table, String chain) {
    if (outColumn > 0 && (chain.equals("PREROUTING") || chain.equals("INPUT"))) {
      throw words
          .source()
          .error(outColumn, "-o in " + chain, "no -o: the device is not known there");
    }
    if (inColumn > 0 && (chain.equals("OUTPUT") || chain.equals("POSTROUTING"))) {
      throw words
          .source()
          .error(inColumn, "-i in " + chain, "no -i: the device is not known there");
    }
    action.checkTable(table);
  }

  private void setCounters(String packets, int packetsColumn, int column) {
    if (!words.hasOperand()) {
      throw words.source().error(column, "-c with one number", "-c PACKETS BYTES");
    }
    int bytesColumn = words.nextColumn(column);
    counters = new Counters(counter(packets, packetsColumn), counter(words.next(), bytesColumn));
  }

  private long counter(String text, int column) {
    OptionalLong number = CounterText.number(text);
    if (number.isEmpty()) {
      throw words.source().error(column, "\"" + text + "\"", "a number behind -c");
    }
    return number.getAsLong();
  }

  /**
   * Makes the rules: several if {@code -s} or {@code -d} listed several addresses. The next rule
   * takes the list again.
   */
  List<DraftRule> finish() {
    HeaderMatch first = header(sources.get(0), destinations.get(0));
    ImmutableList<Match> matches = extensions.readMatches();
    RuleAction rulesAction = action.finish();
    checkInverted(sources, sourceInverted, "-s");
    checkInverted(destinations, destinationInverted, "-d");
    int[] columns = extensions.columns(action.column());
    int line = words.source().line();
    if (sources.size() * destinations.size() == 1) {
      rules.add(
          new DraftRule(
              new Rule(first, matches, rulesAction, counters, line), action.called(), columns));
      return rules;
    }
    for (AddressMask from : sources) {
      for (AddressMask to : destinations) {
        Rule rule = new Rule(header(from, to), matches, rulesAction, counters, line);
        rules.add(new DraftRule(rule, action.called(), columns));
      }
    }
    return rules;
  }

  private HeaderMatch header(AddressMask from, AddressMask to) {
    header.source(from, sourceInverted).destination(to, destinationInverted);
    if (!from.isAny() || !to.isAny()) {
      return header.build();
    }
    if (header.isBuilt(nothingAsked)) {
      return nothingAsked;
    }
    if (!header.isBuilt(noAddress)) {
      noAddress = shared.share(header.build());
    }
    return noAddress;
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
