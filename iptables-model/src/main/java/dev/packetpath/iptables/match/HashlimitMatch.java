package dev.packetpath.iptables.match;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Jiffies;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code -m hashlimit}: a token bucket, or a count, for each address or port.
 *
 * <p>Source: net/netfilter/xt_hashlimit.c, revision 3, Linux 6.1; iptables 1.8.9,
 * libxt_hashlimit.c.
 *
 * @param family the family of the addresses
 * @param rate the rate
 * @param key what has a bucket of its own, together; one bucket for all if empty
 * @param table the table's name
 * @param sizes the table's sizes and times
 * @param sourcePrefix the bits of a source address that count
 * @param destinationPrefix the bits of a destination address that count
 */
public record HashlimitMatch(
    IpFamily family,
    HashlimitRate rate,
    ImmutableSet<KeyPart> key,
    String table,
    Sizes sizes,
    int sourcePrefix,
    int destinationPrefix)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("hashlimit")
          .option(OptionSpec.value("--hashlimit-upto", "--hashlimit").orInverted())
          .option(OptionSpec.value("--hashlimit-above").orInverted())
          .option(OptionSpec.value("--hashlimit-burst"))
          .option(OptionSpec.value("--hashlimit-mode"))
          .option(OptionSpec.value("--hashlimit-name"))
          .option(OptionSpec.value("--hashlimit-srcmask"))
          .option(OptionSpec.value("--hashlimit-dstmask"))
          .option(OptionSpec.value("--hashlimit-htable-size"))
          .option(OptionSpec.value("--hashlimit-htable-max"))
          .option(OptionSpec.value("--hashlimit-htable-gcinterval"))
          .option(OptionSpec.value("--hashlimit-htable-expire"))
          .option(OptionSpec.flag("--hashlimit-rate-match"))
          .option(OptionSpec.value("--hashlimit-rate-interval"))
          .readBy(HashlimitMatch::read);

  private static final int DEFAULT_COLLECT_MS = 1000;
  private static final int MAX_NAME_CHARS = 255;
  private static final long MAX_UINT32 = 0xffff_ffffL;

  /** Part of what tells buckets apart, in the order that iptables-save prints. */
  public enum KeyPart {
    /** The source address. */
    SRCIP,
    /** The source port. */
    SRCPORT,
    /** The destination address. */
    DSTIP,
    /** The destination port. */
    DSTPORT;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The sizes and times of a table.
   *
   * @param buckets the number of buckets, 0 for the kernel's choice
   * @param max the most keys, 0 for the kernel's choice
   * @param collectMs the milliseconds from one removal of unused keys to the next
   * @param expireMs the milliseconds after which a key counts as unused
   */
  public record Sizes(long buckets, long max, long collectMs, long expireMs) {}

  private static HashlimitMatch read(OptionValues options) {
    HashlimitRate rate = HashlimitRate.read(options);
    OptionValues.Given name = options.require("--hashlimit-name");
    if (name.value().isEmpty() || name.value().length() > MAX_NAME_CHARS) {
      throw options.error(name, "\"" + name.value() + "\"", "a name of 1 to 255 characters");
    }
    Sizes sizes =
        new Sizes(
            Math.min(1 << 20, options.number("--hashlimit-htable-size", 0, MAX_UINT32, 0)),
            Math.min(1 << 20, options.number("--hashlimit-htable-max", 0, MAX_UINT32, 0)),
            options.number("--hashlimit-htable-gcinterval", 0, MAX_UINT32, DEFAULT_COLLECT_MS),
            options.number(
                "--hashlimit-htable-expire",
                0,
                MAX_UINT32,
                HashlimitRate.defaultExpireMs(options)));
    return new HashlimitMatch(
        options.family(),
        rate,
        key(options),
        cut(name.value()),
        sizes,
        prefix(options, "--hashlimit-srcmask"),
        prefix(options, "--hashlimit-dstmask"));
  }

  private static ImmutableSet<KeyPart> key(OptionValues options) {
    EnumSet<KeyPart> parts = EnumSet.noneOf(KeyPart.class);
    if (options.has("--hashlimit-mode")) {
      OptionValues.Given given = options.require("--hashlimit-mode");
      for (String word : Splitter.on(',').omitEmptyStrings().split(given.value())) {
        Stream.of(KeyPart.values())
            .filter(part -> part.text().equals(word))
            .findFirst()
            .ifPresentOrElse(parts::add, () -> unknownPart(options, given, word));
      }
    }
    return Sets.immutableEnumSet(parts);
  }

  private static void unknownPart(OptionValues options, OptionValues.Given given, String word) {
    throw options.error(given, "\"" + word + "\"", "a list of srcip srcport dstip dstport");
  }

  /** The real tool takes one character more than it keeps. */
  private static String cut(String name) {
    return name.substring(0, Math.min(name.length(), MAX_NAME_CHARS - 1));
  }

  private static int prefix(OptionValues options, String name) {
    return options
        .get(name)
        .map(given -> PrefixText.read(options, given, IpFamily.IPV6.bits()))
        .orElse(options.family().bits());
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "hashlimit";
  }

  @Override
  public void print(OptionPrinter out) {
    rate.printRate(out);
    if (!key.isEmpty()) {
      out.option(
          "--hashlimit-mode", key.stream().map(KeyPart::text).collect(Collectors.joining(",")));
    }
    out.option("--hashlimit-name", table);
    printUnless(out, "--hashlimit-htable-size", sizes.buckets, 0);
    printUnless(out, "--hashlimit-htable-max", sizes.max, 0);
    printUnless(out, "--hashlimit-htable-gcinterval", sizes.collectMs, DEFAULT_COLLECT_MS);
    printUnless(out, "--hashlimit-htable-expire", sizes.expireMs, rate.unprintedExpireMs());
    printUnless(out, "--hashlimit-srcmask", sourcePrefix, family.bits());
    printUnless(out, "--hashlimit-dstmask", destinationPrefix, family.bits());
    rate.printMatching(out);
  }

  private static void printUnless(OptionPrinter out, String option, long value, long hidden) {
    if (value != hidden) {
      out.option(option, Long.toString(value));
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    if (sizes.collectMs == 0 || sizes.expireMs == 0) {
      return Optional.of(new Refusal("an interval or expiry of 0", "at least 1 millisecond"));
    }
    if (Math.max(sourcePrefix, destinationPrefix) > family.bits()) {
      return Optional.of(
          new Refusal(
              "a mask of " + Math.max(sourcePrefix, destinationPrefix) + " bits",
              "at most " + family.bits()));
    }
    return rate.refusal().or(() -> ProcName.refusal(table));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    VirtualClock clock = context.host().clock();
    HashlimitTable shared =
        context.shared(
            HashlimitTable.class, table, () -> new HashlimitTable(this, Jiffies.now(clock)));
    if ((shared.first().rate().interval() == 0) != (rate.interval() == 0)) {
      throw context.refused(
          "table " + table + " with and without --hashlimit-rate-match", "one of the two");
    }
    return (packet, state) -> test(shared, packet, Jiffies.now(clock));
  }

  private MatchResult test(HashlimitTable shared, Packet packet, long now) {
    long ports = shared.first().portsOf(packet);
    if (ports == FirstPorts.UNREADABLE) {
      return MatchResult.DROP;
    }
    HashlimitEntry entry = shared.entry(shared.first().keyOf(packet, (int) ports), now);
    if (entry == HashlimitEntry.NO_ROOM) {
      return MatchResult.DROP;
    }
    return MatchResult.of(entry.isUnder(rate, packet.length()) != rate.above());
  }

  private long portsOf(Packet packet) {
    if (!key.contains(KeyPart.SRCPORT) && !key.contains(KeyPart.DSTPORT)) {
      return 0;
    }
    long ports = FirstPorts.of(packet);
    if (ports == FirstPorts.UNREADABLE) {
      return ports;
    }
    long mask = key.contains(KeyPart.SRCPORT) ? 0xffff_0000L : 0;
    return ports & (key.contains(KeyPart.DSTPORT) ? mask | 0xffff : mask);
  }

  private HashlimitKey keyOf(Packet packet, int ports) {
    boolean source = key.contains(KeyPart.SRCIP);
    boolean destination = key.contains(KeyPart.DSTIP);
    return new HashlimitKey(
        source ? packet.sourceHigh() & IpPrefix.maskHigh(family, sourcePrefix) : 0,
        source ? packet.sourceLow() & IpPrefix.maskLow(family, sourcePrefix) : 0,
        destination ? packet.destinationHigh() & IpPrefix.maskHigh(family, destinationPrefix) : 0,
        destination ? packet.destinationLow() & IpPrefix.maskLow(family, destinationPrefix) : 0,
        ports);
  }
}
