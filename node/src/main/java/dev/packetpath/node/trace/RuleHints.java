package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.target.SnatTarget;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the rules of a node let one guess about its devices and addresses. */
final class RuleHints {
  /** A shorter prefix says nothing about where it lies. */
  private static final int SHORTEST_PREFIX = 9;

  private final Set<String> inDevices = new LinkedHashSet<>();
  private final Set<String> outDevices = new LinkedHashSet<>();
  private final Set<String> uplinks = new LinkedHashSet<>();
  private final List<Place> places = new ArrayList<>();
  private final Set<IpPrefix> translatedSources = new LinkedHashSet<>();
  private final Set<IpAddress> ownAddresses = new LinkedHashSet<>();
  private final Set<IpAddress> forwardedDestinations = new LinkedHashSet<>();
  private final Set<IpAddress> deliveredDestinations = new LinkedHashSet<>();

  /** A network and the device that leads to it. */
  private record Place(IpPrefix prefix, String device) {}

  RuleHints(Iterable<Ruleset> rulesets) {
    for (Ruleset ruleset : rulesets) {
      for (Table table : ruleset.tables()) {
        ImmutableSet<String> fromInput = ChainReach.from(table, Hook.INPUT);
        ImmutableSet<String> fromForward = ChainReach.from(table, Hook.FORWARD);
        for (Chain chain : table.chains()) {
          boolean input = fromInput.contains(chain.name());
          boolean forward = fromForward.contains(chain.name());
          for (Rule rule : chain.rules()) {
            readDevices(rule);
            if (table.name() == TableName.NAT) {
              readTranslation(rule);
            } else {
              readDestination(rule.header(), input, forward);
            }
          }
        }
      }
    }
  }

  private void readDevices(Rule rule) {
    HeaderMatch header = rule.header();
    named(header.in()).ifPresent(inDevices::add);
    named(header.out()).ifPresent(outDevices::add);
    if (!header.sourceInverted()) {
      place(header.source(), header.in(), false);
      place(header.source(), header.out(), true);
    }
    if (!header.destinationInverted()) {
      place(header.destination(), header.out(), false);
    }
  }

  /**
   * Remembers a network beside a device: of {@code -s NET -i DEV}, {@code -d NET -o DEV} and {@code
   * -s NET ! -o DEV}, which says that what stays behind the device is not meant.
   */
  private void place(AddressMask address, DeviceMatch device, boolean inverted) {
    int length = address.prefixLength();
    if (length >= SHORTEST_PREFIX && !device.isAny() && device.inverted() == inverted) {
      places.add(new Place(IpPrefix.of(address.address(), length), name(device)));
    }
  }

  private void readTranslation(Rule rule) {
    HeaderMatch header = rule.header();
    int length = header.source().prefixLength();
    if (length >= SHORTEST_PREFIX && length < header.source().address().family().bits()) {
      translatedSources.add(IpPrefix.of(header.source().address(), length));
    }
    if (!(rule.action() instanceof RuleAction.Extension extension)) {
      return;
    }
    if (extension.target() instanceof SnatTarget snat) {
      ownAddresses.add(snat.range().minAddress());
    }
    String target = extension.target().name();
    DeviceMatch out = header.out();
    if ((target.equals("SNAT") || target.equals("MASQUERADE")) && !out.isAny() && !out.inverted()) {
      uplinks.add(name(out));
    }
  }

  private void readDestination(HeaderMatch header, boolean input, boolean forward) {
    IpAddress address = header.destination().address();
    if (header.destinationInverted()
        || header.destination().prefixLength() != address.family().bits()) {
      return;
    }
    if (input) {
      deliveredDestinations.add(address);
    } else if (forward) {
      forwardedDestinations.add(address);
    }
  }

  private static Optional<String> named(DeviceMatch device) {
    return device.isAny() || name(device).equals("lo")
        ? Optional.empty()
        : Optional.of(name(device));
  }

  /** Returns a name that meets the pattern. */
  private static String name(DeviceMatch device) {
    String pattern = device.pattern();
    return pattern.endsWith("+") ? pattern.substring(0, pattern.length() - 1) + "0" : pattern;
  }

  /** Returns the devices that rules ask for by {@code -i}. */
  ImmutableList<String> inDevices() {
    return ImmutableList.copyOf(inDevices);
  }

  /** Returns the devices that rules ask for by {@code -o}. */
  ImmutableList<String> outDevices() {
    return ImmutableList.copyOf(outDevices);
  }

  /** Returns the device that leads to an address, if a rule names the two together. */
  Optional<String> deviceOf(IpAddress address) {
    return places.stream()
        .filter(place -> place.prefix().contains(address))
        .max((a, b) -> Integer.compare(a.prefix().length(), b.prefix().length()))
        .map(Place::device);
  }

  /** Returns the first device whose packets get this host's address. */
  Optional<String> uplink() {
    return uplinks.stream().findFirst();
  }

  /** Returns whether rules give packets this address as source. */
  boolean isOwn(IpAddress address) {
    return ownAddresses.contains(address);
  }

  /** Returns an address that rules give packets as source. */
  Optional<IpAddress> ownAddress(IpFamily family) {
    return ownAddresses.stream().filter(address -> address.family() == family).findFirst();
  }

  /**
   * Returns whether the rules treat an address as that of another host: some on the way of
   * forwarded packets name it and none on the way of delivered ones, or it lies in a network whose
   * packets are translated and is not the first of it, which is usually the router.
   */
  boolean isElsewhere(IpAddress address) {
    if (forwardedDestinations.contains(address) && !deliveredDestinations.contains(address)) {
      return true;
    }
    return translatedSources.stream()
        .anyMatch(
            prefix -> prefix.contains(address) && address.low() != prefix.address().low() + 1);
  }
}
