package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m addrtype}: what kind of address source and destination are for this host. For IPv4 the
 * local table alone is asked, so that UNICAST means "no address of this host"; for IPv6 see {@link
 * Ipv6AddressTypeLookup}.
 *
 * <p>Source: net/netfilter/xt_addrtype.c, addrtype_mt_v1, Linux 6.1; libxt_addrtype, iptables
 * 1.8.9.
 *
 * @param source the types of the source
 * @param destination the types of the destination
 * @param limit whose device a local address must belong to
 */
public record AddrtypeMatch(AddressTypes source, AddressTypes destination, Limit limit)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("addrtype")
          .option(OptionSpec.value("--src-type").orInverted())
          .option(OptionSpec.value("--dst-type").orInverted())
          .option(OptionSpec.flag("--limit-iface-in"))
          .option(OptionSpec.flag("--limit-iface-out"))
          .readBy(AddrtypeMatch::read);

  private static final int IPV6_ABOVE = AddressTypes.bit(AddressType.PROHIBIT);

  /** The device that a local address must belong to. */
  public enum Limit {
    /** Any. */
    NONE,
    /** The one that the packet came in by. */
    IN,
    /** The one that the packet is routed to. */
    OUT
  }

  private static AddrtypeMatch read(OptionValues options) {
    if (!options.has("--src-type") && !options.has("--dst-type")) {
      throw options.missing("--src-type or --dst-type");
    }
    Limit limit = Limit.NONE;
    for (OptionValues.Given given : options.atMostOne("--limit-iface-in", "--limit-iface-out")) {
      limit = given.option().name().equals("--limit-iface-in") ? Limit.IN : Limit.OUT;
    }
    return new AddrtypeMatch(
        AddressTypes.read(options, "--src-type"), AddressTypes.read(options, "--dst-type"), limit);
  }

  @Override
  public String name() {
    return "addrtype";
  }

  @Override
  public void print(OptionPrinter out) {
    source.print(out, "--src-type");
    destination.print(out, "--dst-type");
    if (limit != Limit.NONE) {
      out.word(limit == Limit.IN ? "--limit-iface-in" : "--limit-iface-out");
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    if (limit == Limit.OUT
        && (place.hooks().contains(Hook.PREROUTING) || place.hooks().contains(Hook.INPUT))) {
      return refuse("--limit-iface-out reached from PREROUTING or INPUT", "--limit-iface-in");
    }
    if (limit == Limit.IN
        && (place.hooks().contains(Hook.OUTPUT) || place.hooks().contains(Hook.POSTROUTING))) {
      return refuse("--limit-iface-in reached from OUTPUT or POSTROUTING", "--limit-iface-out");
    }
    int bits = source.bits() | destination.bits();
    if (place.family() == IpFamily.IPV6
        && (bits >= IPV6_ABOVE
            || (bits & AddressTypes.bit(AddressType.BLACKHOLE)) != 0
            || (bits & AddressTypes.bit(AddressType.BROADCAST)) != 0)) {
      return refuse(
          "an address type that IPv6 does not have",
          "UNSPEC, UNICAST, LOCAL, ANYCAST, MULTICAST or UNREACHABLE");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(String found, String expected) {
    return Optional.of(new Refusal(found, expected));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    Network network = context.host().network();
    Lookup lookup =
        context.family() == IpFamily.IPV6
            ? new Ipv6AddressTypeLookup(network)::matches
            : (types, address, device) -> types.has(network.addressType(address, device));
    return (packet, state) -> {
      Device device = device(state);
      return MatchResult.of(
          holds(lookup, source, packet.source(), device)
              && holds(lookup, destination, packet.destination(), device));
    };
  }

  private Device device(HookState state) {
    return switch (limit) {
      case NONE -> Device.NONE;
      case IN -> state.in();
      case OUT -> state.out();
    };
  }

  private static boolean holds(
      Lookup lookup, AddressTypes types, IpAddress address, Device device) {
    return !types.isAsked() || lookup.matches(types, address, device) != types.inverted();
  }

  private interface Lookup {
    boolean matches(AddressTypes types, IpAddress address, Device device);
  }
}
