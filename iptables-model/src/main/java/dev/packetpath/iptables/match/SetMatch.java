package dev.packetpath.iptables.match;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.ipset.CounterTest;
import dev.packetpath.iptables.ipset.SetDimensions;
import dev.packetpath.iptables.ipset.SetReference;
import dev.packetpath.iptables.ipset.SetSpec;
import dev.packetpath.iptables.ipset.SetType;
import dev.packetpath.iptables.ipset.TestOptions;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m set}: whether what the packet shows is in a set.
 *
 * <p>Source: net/netfilter/xt_set.c, Linux 6.1; iptables 1.8.9, libxt_set.c.
 *
 * @param set the set's name
 * @param dimensions which sides of the packet are looked up
 * @param inverted whether the sense is reversed
 * @param options what is asked beside membership
 */
public record SetMatch(String set, SetDimensions dimensions, boolean inverted, TestOptions options)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("set")
          .option(OptionSpec.twoValues("--match-set", "--set").orInverted())
          .option(OptionSpec.flag("--return-nomatch"))
          .option(OptionSpec.flag("--update-counters").orInverted())
          .option(OptionSpec.flag("--update-subcounters").orInverted())
          .option(OptionSpec.value("--packets-eq").orInverted())
          .option(OptionSpec.value("--packets-lt"))
          .option(OptionSpec.value("--packets-gt"))
          .option(OptionSpec.value("--bytes-eq").orInverted())
          .option(OptionSpec.value("--bytes-lt"))
          .option(OptionSpec.value("--bytes-gt"))
          .readBy(SetMatch::read);

  private static final int MAX_NAME_CHARS = 31;

  private static SetMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--match-set");
    if (given.value().length() > MAX_NAME_CHARS) {
      throw options.error(
          given,
          "a name of " + given.value().length() + " characters",
          "at most " + MAX_NAME_CHARS);
    }
    return new SetMatch(
        given.value(),
        dimensions(options, given),
        given.inverted(),
        new TestOptions(
            options.has("--return-nomatch"),
            !options.inverted("--update-counters"),
            !options.inverted("--update-subcounters"),
            SetCounters.read(options, "--packets"),
            SetCounters.read(options, "--bytes")));
  }

  private static SetDimensions dimensions(OptionValues options, OptionValues.Given given) {
    String text = given.values().get(1);
    try {
      return SetDimensions.parse(text);
    } catch (IllegalArgumentException e) {
      throw options.error(given, "\"" + text + "\"", "one to six of src and dst with commas");
    }
  }

  @Override
  public boolean sharesState() {
    return options.comparesCounters();
  }

  @Override
  public String name() {
    return "set";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--match-set", set).word(dimensions.toString());
    if (options.returnNomatch()) {
      out.word("--return-nomatch");
    }
    if (!options.updateCounters()) {
      out.option(true, "--update-counters");
    }
    if (!options.updateSubcounters()) {
      out.option(true, "--update-subcounters");
    }
    SetCounters.print(out, "--packets", options.packets());
    SetCounters.print(out, "--bytes", options.bytes());
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    if (!context.sets().contains(set)) {
      return unknown(context);
    }
    SetReference reference = context.sets().reference(set);
    checkFamily(context, reference.spec());
    return (packet, state) ->
        MatchResult.of(reference.test(packet, state, dimensions, options) != inverted);
  }

  private void checkFamily(CompileContext context, SetSpec spec) {
    boolean hasFamily = spec.type() != SetType.LIST_SET && spec.type() != SetType.BITMAP_PORT;
    if (hasFamily && spec.family() != context.family()) {
      throw context.refused("set " + set + " of " + spec.family(), "a set of " + context.family());
    }
  }

  private MatchFunction unknown(CompileContext context) {
    if (!context.sets().mayHaveOthers()) {
      throw context.refused("set " + set + ", which does not exist", "a set that was created");
    }
    String question = "the packet is in set " + set + " (" + dimensions + ")";
    long site = context.site();
    return (packet, state) ->
        MatchResult.of(context.host().decisions().unknown(site, question) != inverted);
  }

  /** Comparisons with an element's counters as text. */
  private static final class SetCounters {
    private SetCounters() {}

    static CounterTest read(OptionValues options, String counter) {
      for (OptionValues.Given given :
          options.atMostOne(counter + "-eq", counter + "-lt", counter + "-gt")) {
        CounterTest.Operator operator =
            switch (given.option().name().substring(counter.length() + 1)) {
              case "eq" -> given.inverted() ? CounterTest.Operator.NE : CounterTest.Operator.EQ;
              case "lt" -> CounterTest.Operator.LT;
              default -> CounterTest.Operator.GT;
            };
        return new CounterTest(operator, options.unsignedLong(given, given.value()));
      }
      return CounterTest.NONE;
    }

    static void print(OptionPrinter out, String counter, CounterTest test) {
      String value = Long.toUnsignedString(test.value());
      switch (test.operator()) {
        case NONE -> {}
        case EQ -> out.option(counter + "-eq", value);
        case NE -> out.option(true, counter + "-eq", value);
        case LT -> out.option(counter + "-lt", value);
        case GT -> out.option(counter + "-gt", value);
      }
    }
  }
}
