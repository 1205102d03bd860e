package dev.packetpath.iptables;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.ipset.IpSets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** What is at hand while the tables of one family are loaded into a host. */
final class LoadContext implements CompileContext {
  private final Host host;
  private final IpFamily family;
  private final TableName table;
  private final IpSets sets;
  private final Optional<Nat> nat;
  private final Map<String, Object> shared;
  private long site;
  private String place = "";
  private int line;

  LoadContext(
      Host host,
      IpFamily family,
      TableName table,
      IpSets sets,
      Optional<Nat> nat,
      Map<String, Object> shared) {
    this.host = host;
    this.family = family;
    this.table = table;
    this.sets = sets;
    this.nat = nat;
    this.shared = shared;
  }

  static Map<String, Object> noSharedState() {
    return new HashMap<>();
  }

  /** Returns the site of a chain, to which a rule adds its place from 1, and a match its number. */
  static long siteOf(IpFamily family, TableName table, String chain) {
    return (long) Objects.hash(family.bits(), table.text(), chain) << 32;
  }

  void startRule(String chain, int index, int ruleLine) {
    place = table.text() + " " + chain + " rule " + index;
    line = ruleLine;
    site = siteOf(family, table, chain) | (long) index << 8;
  }

  void nextPart() {
    site++;
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public IpFamily family() {
    return family;
  }

  @Override
  public TableName table() {
    return table;
  }

  @Override
  public IpSets sets() {
    return sets;
  }

  @Override
  public boolean hasConntrack() {
    return nat.isPresent();
  }

  @Override
  public Conntrack conntrack() {
    return nat().conntrack();
  }

  @Override
  public Nat nat() {
    return nat.orElseThrow(() -> new IllegalStateException("the host has no connection tracking"));
  }

  @Override
  public long site() {
    return site;
  }

  @Override
  public <T> T shared(Class<T> type, String name, Supplier<T> maker) {
    return type.cast(shared.computeIfAbsent(type.getName() + " " + name, key -> maker.get()));
  }

  @Override
  public LoadException refused(String found, String expected) {
    return new LoadException(place, line, new Refusal(found, expected));
  }
}
