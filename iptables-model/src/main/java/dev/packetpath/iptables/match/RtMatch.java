package dev.packetpath.iptables.match;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.List;
import java.util.Optional;

/**
 * {@code -m rt}: the routing header of an IPv6 packet. The packet model has none, so no packet
 * matches, inverted or not.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_rt.c, Linux 6.1; libip6t_rt, iptables 1.8.9.
 *
 * @param type the routing type, if asked for
 * @param segmentsLeft the segments left
 * @param length the length of the header, if asked for
 * @param reserved whether the reserved field of type 0 must be 0
 * @param addresses the addresses of type 0
 * @param anyOrder whether others may stand between them
 */
public record RtMatch(
    Optional<NumberRange> type,
    NumberRange segmentsLeft,
    Optional<NumberRange> length,
    boolean reserved,
    ImmutableList<IpAddress> addresses,
    boolean anyOrder)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("rt")
          .only(IpFamily.IPV6)
          .option(OptionSpec.value("--rt-type").orInverted())
          .option(OptionSpec.value("--rt-segsleft").orInverted())
          .option(OptionSpec.value("--rt-len").orInverted())
          .option(OptionSpec.flag("--rt-0-res"))
          .option(OptionSpec.value("--rt-0-addrs"))
          .option(OptionSpec.flag("--rt-0-not-strict"))
          .readBy(RtMatch::read);

  private static final long MAX = 0xffff_ffffL;
  private static final int MAX_ADDRESSES = 16;
  private static final ImmutableList<IpAddress> NO_ADDRESSES = ImmutableList.of();

  private static RtMatch read(OptionValues options) {
    Optional<NumberRange> type = NumberRange.single(options, "--rt-type", MAX);
    boolean zero = type.isPresent() && type.get().first() == 0 && !type.get().inverted();
    for (OptionValues.Given given : options.all()) {
      if (given.option().name().startsWith("--rt-0-") && !zero) {
        throw options.error(given, given.option().name(), "--rt-type 0 beside it");
      }
    }
    if (options.has("--rt-0-not-strict") && !options.has("--rt-0-addrs")) {
      throw options.missing("--rt-0-addrs beside --rt-0-not-strict");
    }
    return new RtMatch(
        type,
        NumberRange.read(options, "--rt-segsleft", MAX),
        NumberRange.single(options, "--rt-len", MAX),
        options.has("--rt-0-res"),
        options.get("--rt-0-addrs").map(given -> addresses(options, given)).orElse(NO_ADDRESSES),
        options.has("--rt-0-not-strict"));
  }

  private static ImmutableList<IpAddress> addresses(
      OptionValues options, OptionValues.Given given) {
    List<String> parts = Splitter.on(',').splitToList(given.value());
    if (parts.size() > MAX_ADDRESSES) {
      throw options.error(given, parts.size() + " addresses", "at most " + MAX_ADDRESSES);
    }
    ImmutableList.Builder<IpAddress> addresses = ImmutableList.builder();
    parts.forEach(part -> addresses.add(options.address(given, part)));
    return addresses.build();
  }

  @Override
  public String name() {
    return "rt";
  }

  @Override
  public void print(OptionPrinter out) {
    type.ifPresent(range -> range.print(out, "--rt-type"));
    segmentsLeft.printUnlessAll(out, "--rt-segsleft", MAX);
    length.ifPresent(range -> range.print(out, "--rt-len"));
    if (reserved) {
      out.word("--rt-0-res");
    }
    if (!addresses.isEmpty()) {
      out.option("--rt-0-addrs", Joiner.on(',').join(addresses));
    }
    if (anyOrder) {
      out.word("--rt-0-not-strict");
    }
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> ExtensionSearch.withoutHeader(packet);
  }
}
