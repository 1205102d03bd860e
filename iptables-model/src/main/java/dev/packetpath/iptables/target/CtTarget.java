package dev.packetpath.iptables.target;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.ConnectionTemplate;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.conntrack.TimeoutPolicy;
import dev.packetpath.conntrack.Zone;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.List;
import java.util.Optional;

/**
 * {@code -j CT}: says of a packet, before its connection is looked up, that it shall have none, or
 * in which zone and with which helper. Does nothing to a packet that has a connection already.
 *
 * <p>Events only choose what listeners are told. Timeout policies ({@code --timeout}) are refused:
 * the model knows of none.
 *
 * <p>Source: net/netfilter/xt_CT.c, Linux 6.1; iptables 1.8.9, libxt_CT.c.
 *
 * @param notrack whether the packet shall have no connection
 * @param helper the name of the helper, "" for none
 * @param events those of {@link #EVENTS} that are told, none for all
 * @param expectationEvents those of {@link #EXPECTATION_EVENTS} that are told, none for all
 * @param zone the zone
 * @param zoneFromMark whether the packet's mark is the number of the zone
 */
public record CtTarget(
    boolean notrack,
    String helper,
    ImmutableList<String> events,
    ImmutableList<String> expectationEvents,
    Zone zone,
    boolean zoneFromMark)
    implements Target {
  /** The events of connections, as the real tool orders them. */
  public static final ImmutableList<String> EVENTS =
      ImmutableList.of(
          "new",
          "related",
          "destroy",
          "reply",
          "assured",
          "protoinfo",
          "helper",
          "mark",
          "natseqinfo",
          "secmark");

  /** The events of expectations. */
  public static final ImmutableList<String> EXPECTATION_EVENTS = ImmutableList.of("new");

  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("CT")
          .option(OptionSpec.flag("--notrack"))
          .option(OptionSpec.value("--helper"))
          .option(OptionSpec.value("--timeout"))
          .option(OptionSpec.value("--ctevents"))
          .option(OptionSpec.value("--expevents"))
          .option(OptionSpec.value("--zone"))
          .option(OptionSpec.value("--zone-orig"))
          .option(OptionSpec.value("--zone-reply"))
          .readBy(CtTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.RAW);

  private static CtTarget read(OptionValues options) {
    if (options.has("--timeout")) {
      throw options.error(
          options.require("--timeout"), "a timeout policy", "none: policies are not modelled");
    }
    int zone = 0;
    boolean fromMark = false;
    for (OptionValues.Given given : options.all()) {
      if (given.option().name().startsWith("--zone")) {
        if (given.value().equalsIgnoreCase("mark")) {
          fromMark = true;
        } else {
          zone = zone(options, given);
        }
      }
    }
    boolean original = options.has("--zone-orig") || !options.has("--zone-reply");
    boolean reply = options.has("--zone-reply") || !options.has("--zone-orig");
    return new CtTarget(
        options.has("--notrack"),
        options.value("--helper", ""),
        events(options, "--ctevents", EVENTS),
        events(options, "--expevents", EXPECTATION_EVENTS),
        zone == 0 && !fromMark ? Zone.DEFAULT : new Zone(fromMark ? 0 : zone, original, reply),
        fromMark);
  }

  private static int zone(OptionValues options, OptionValues.Given given) {
    long zone = Numbers.parse(given.value());
    if (zone < 0 || zone > 0xffff) {
      throw options.error(given, "\"" + given.value() + "\"", "a zone 0 to 65535, or \"mark\"");
    }
    return (int) zone;
  }

  private static ImmutableList<String> events(
      OptionValues options, String option, ImmutableList<String> known) {
    if (!options.has(option)) {
      return ImmutableList.of();
    }
    OptionValues.Given given = options.require(option);
    List<String> words = Splitter.on(',').splitToList(given.value());
    for (String word : words) {
      if (!known.contains(word)) {
        throw options.error(given, "\"" + word + "\"", "a list of " + known);
      }
    }
    return known.stream().filter(words::contains).collect(ImmutableList.toImmutableList());
  }

  @Override
  public boolean sharesState() {
    return !helper.isEmpty();
  }

  @Override
  public String name() {
    return "CT";
  }

  @Override
  public void print(OptionPrinter out) {
    if (notrack) {
      out.word("--notrack");
    }
    if (!helper.isEmpty()) {
      out.option("--helper", helper);
    }
    if (!events.isEmpty()) {
      out.option("--ctevents", String.join(",", events));
    }
    if (!expectationEvents.isEmpty()) {
      out.option("--expevents", String.join(",", expectationEvents));
    }
    if (zoneFromMark || zone.id() != 0) {
      String direction =
          zone.original() && zone.reply() ? "" : zone.original() ? "-orig" : "-reply";
      out.option("--zone" + direction, zoneFromMark ? "mark" : Integer.toString(zone.id()));
    }
  }

  @Override
  public boolean needsConntrack() {
    return !notrack;
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    if (!notrack && !helper.isEmpty() && !ConntrackHelpers.exists(helper, place)) {
      return Optional.of(
          new Refusal("helper \"" + helper + "\"", ConntrackHelpers.expected(place.family())));
    }
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    if (notrack) {
      return (packet, state) -> {
        PacketConnection.untrack(packet);
        return TargetResult.CONTINUE;
      };
    }
    ConnectionTemplate template =
        new ConnectionTemplate(zone, zoneFromMark, helper, TimeoutPolicy.NONE);
    return (packet, state) -> {
      PacketConnection.template(packet, template);
      return TargetResult.CONTINUE;
    };
  }
}
