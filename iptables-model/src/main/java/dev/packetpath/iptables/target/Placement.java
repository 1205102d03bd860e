package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.primitives.ImmutableIntArray;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.ProtocolNames;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where the kernel lets a target stand: what {@code struct xt_target} says of table, hooks and
 * protocol (net/netfilter/x_tables.c, xt_check_target, Linux 6.1).
 *
 * @param tables the tables that may hold it
 * @param hooks the hooks that may reach it
 * @param protocols the protocols of which its rule must ask for one, empty for no matter which
 */
record Placement(
    ImmutableSet<TableName> tables, ImmutableSet<Hook> hooks, ImmutableIntArray protocols) {
  /** Every table. */
  static final Placement ANYWHERE = in(TableName.values());

  /** These tables, at all of their hooks. */
  static Placement in(TableName... tables) {
    return new Placement(
        Sets.immutableEnumSet(Arrays.asList(tables)),
        Sets.immutableEnumSet(Arrays.asList(Hook.values())),
        ImmutableIntArray.of());
  }

  /** The same tables, at these hooks alone. */
  Placement at(Hook... only) {
    return new Placement(tables, Sets.immutableEnumSet(Arrays.asList(only)), protocols);
  }

  /** The same place, in rules that ask for one of these protocols. */
  Placement forProtocols(int... only) {
    return new Placement(tables, hooks, ImmutableIntArray.copyOf(only));
  }

  /** Returns why a target may not stand at a place, if it may not. */
  Optional<Refusal> refusal(String target, RulePlace place) {
    if (!tables.contains(place.table())) {
      return Optional.of(
          new Refusal(target + " in table " + place.table(), "table " + words(tables)));
    }
    if (!hooks.containsAll(place.hooks())) {
      ImmutableSet<Hook> others = Sets.difference(place.hooks(), hooks).immutableCopy();
      return Optional.of(
          new Refusal(
              target + " where " + words(others) + " leads",
              "a chain of " + words(hooks) + " only"));
    }
    if (!protocols.isEmpty() && !place.hasProtocol(protocols.toArray())) {
      return Optional.of(
          new Refusal(
              target + " without its protocol",
              "-p "
                  + protocols.stream()
                      .mapToObj(ProtocolNames::nameOf)
                      .collect(Collectors.joining(" or "))
                  + ", not inverted, in the same rule"));
    }
    return Optional.empty();
  }

  private static String words(ImmutableSet<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }
}
