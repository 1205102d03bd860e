package dev.packetpath.iptables;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The tables, each with the hooks where it has a base chain and its priority there.
 *
 * <p>Source: net/ipv4/netfilter/iptable_*.c, Linux 6.1. The order is that of a packet's way.
 */
public enum TableName {
  /** Before connection tracking. */
  RAW(HookPriority.RAW, Hook.PREROUTING, Hook.OUTPUT),
  /** Header and mark changes. */
  MANGLE(HookPriority.MANGLE, Hook.values()),
  /** Address translation, walked by the first packet of a connection. */
  NAT(HookPriority.NAT_DST, Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING),
  /** Whether a packet may pass. */
  FILTER(HookPriority.FILTER, Hook.INPUT, Hook.FORWARD, Hook.OUTPUT),
  /** Mandatory access control. */
  SECURITY(HookPriority.SECURITY, Hook.INPUT, Hook.FORWARD, Hook.OUTPUT);

  private static final ImmutableMap<String, TableName> BY_TEXT =
      Maps.uniqueIndex(List.of(values()), TableName::text);

  private final ImmutableMap<Hook, Integer> priorities;

  TableName(int priority, Hook... hooks) {
    this.priorities = Maps.toMap(Sets.immutableEnumSet(List.of(hooks)), hook -> priority);
  }

  /** Returns the table of a lower-case name, if there is one. */
  public static Optional<TableName> of(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }

  /** Returns the lower-case name. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the hooks where this table has a base chain, in the kernel's order. */
  public ImmutableSet<Hook> hooks() {
    return priorities.keySet();
  }

  /** Returns the priority at one of this table's hooks. */
  public int priority(Hook hook) {
    return this == NAT && (hook == Hook.POSTROUTING || hook == Hook.INPUT)
        ? HookPriority.NAT_SRC
        : priorities.getOrDefault(hook, 0);
  }

  /** Returns the hook whose base chain has this name in this table, if there is one. */
  public Optional<Hook> baseChain(String chain) {
    return priorities.keySet().stream().filter(hook -> hook.name().equals(chain)).findFirst();
  }

  @Override
  public String toString() {
    return text();
  }
}
