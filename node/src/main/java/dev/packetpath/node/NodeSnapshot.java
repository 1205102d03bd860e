package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.conntrack.ExpectationEntry;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.ipset.IpsetCommand;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.nftables.NftTable;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a node: rules, sets, network, settings and live connections. Immutable; a {@link
 * Node} is made from it.
 */
public final class NodeSnapshot {
  /**
   * The settings of a node that does not tell any: it forwards, counts per connection, and neither
   * filters by reverse path nor limits ICMP errors.
   */
  public static final Sysctls ASSUMED_SYSCTLS =
      new Sysctls(
          ImmutableMap.of(
              "net.ipv4.route.error_cost", "0",
              "net.ipv4.ip_forward", "1",
              "net.ipv6.conf.all.forwarding", "1",
              "net.ipv4.icmp_ratelimit", "0",
              "net.ipv6.icmp.ratelimit", "0",
              "net.netfilter.nf_conntrack_acct", "1"));

  private final ImmutableMap<IpFamily, Ruleset> rulesets;
  private final ImmutableList<IpsetCommand> sets;
  private final Optional<ImmutableList<ServiceEntry>> virtualServices;
  private final ImmutableList<NftTable> nftTables;
  private final Network network;
  private final Sysctls sysctls;
  private final Optional<ImmutableList<ConntrackEntry>> connections;
  private final ImmutableList<ExpectationEntry> expectations;

  private NodeSnapshot(Builder builder) {
    this.rulesets = ImmutableMap.copyOf(builder.rulesets);
    this.sets = builder.sets;
    this.virtualServices = builder.virtualServices;
    this.nftTables = builder.nftTables;
    this.network = builder.network;
    this.sysctls = builder.sysctls;
    this.connections = builder.connections;
    this.expectations = builder.expectations;
  }

  /** Returns a builder of a node with the loopback device alone, no rules and assumed settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the tables of a family, if the snapshot has any. */
  public Optional<Ruleset> ruleset(IpFamily family) {
    return Optional.ofNullable(rulesets.get(family));
  }

  /** Returns what makes the sets, in order. */
  public ImmutableList<IpsetCommand> sets() {
    return sets;
  }

  /** Returns the virtual services of ip_vs, if the snapshot has a list of them. */
  public Optional<ImmutableList<ServiceEntry>> virtualServices() {
    return virtualServices;
  }

  /** Returns the tables of nftables. */
  public ImmutableList<NftTable> nftTables() {
    return nftTables;
  }

  /** Returns the devices, addresses and routes. */
  public Network network() {
    return network;
  }

  /** Returns whether the settings are the node's own, and not {@link #ASSUMED_SYSCTLS}. */
  public boolean tellsSettings() {
    return sysctls != ASSUMED_SYSCTLS;
  }

  /** Returns the kernel settings. */
  public Sysctls sysctls() {
    return sysctls;
  }

  /** Returns the live connections, if the snapshot has a list of them. */
  public Optional<ImmutableList<ConntrackEntry>> connections() {
    return connections;
  }

  /** Returns the connections that live ones announced and that are still waited for. */
  public ImmutableList<ExpectationEntry> expectations() {
    return expectations;
  }

  /**
   * Returns whether connection tracking is on: some rule needs it or a virtual service of FTP, or
   * the snapshot has a list of connections, or of such that are waited for.
   */
  public boolean tracksConnections() {
    return connections.isPresent()
        || !expectations.isEmpty()
        || nftTables.stream().anyMatch(NftTable::needsConntrack)
        || rulesets.values().stream().anyMatch(Ruleset::needsConntrack)
        || virtualServices.stream()
            .flatMap(ImmutableList::stream)
            .anyMatch(ServiceEntry::needsConntrack);
  }

  /** Returns this node with another network. */
  public NodeSnapshot withNetwork(Network other) {
    return toBuilder().network(other).build();
  }

  /** Returns this node with other settings. */
  public NodeSnapshot withSysctls(Sysctls others) {
    return toBuilder().sysctls(others).build();
  }

  /** Returns this node with other live connections, which have announced none. */
  NodeSnapshot withConnections(ImmutableList<ConntrackEntry> others) {
    return toBuilder().connections(others).expectations(ImmutableList.of()).build();
  }

  private Builder toBuilder() {
    Builder builder = builder().sets(sets).nftTables(nftTables).network(network).sysctls(sysctls);
    rulesets.values().forEach(builder::ruleset);
    connections.ifPresent(builder::connections);
    virtualServices.ifPresent(builder::virtualServices);
    return builder.expectations(expectations);
  }

  /** Builds a {@link NodeSnapshot}. Not safe for use by several threads. */
  public static final class Builder {
    private final Map<IpFamily, Ruleset> rulesets = new EnumMap<>(IpFamily.class);
    private ImmutableList<IpsetCommand> sets = ImmutableList.of();
    private Optional<ImmutableList<ServiceEntry>> virtualServices = Optional.empty();
    private ImmutableList<NftTable> nftTables = ImmutableList.of();
    private Network network = onlyLoopback();
    private Sysctls sysctls = ASSUMED_SYSCTLS;
    private Optional<ImmutableList<ConntrackEntry>> connections = Optional.empty();
    private ImmutableList<ExpectationEntry> expectations = ImmutableList.of();

    private Builder() {}

    private static Network onlyLoopback() {
      Device lo = Device.lo();
      return ConfiguredNetwork.builder()
          .device(lo)
          .addressWithRoutes(DeviceAddress.of(lo, "127.0.0.1/8"))
          .addressWithRoutes(DeviceAddress.of(lo, "::1/128"))
          .build();
    }

    /** Sets the tables of the ruleset's family. */
    @CanIgnoreReturnValue
    public Builder ruleset(Ruleset ruleset) {
      rulesets.put(ruleset.family(), ruleset);
      return this;
    }

    /** Sets what makes the sets. */
    @CanIgnoreReturnValue
    public Builder sets(ImmutableList<IpsetCommand> sets) {
      this.sets = sets;
      return this;
    }

    /** Sets the virtual services, and thereby loads ip_vs. */
    @CanIgnoreReturnValue
    public Builder virtualServices(ImmutableList<ServiceEntry> services) {
      this.virtualServices = Optional.of(services);
      return this;
    }

    /** Sets the tables of nftables. */
    @CanIgnoreReturnValue
    public Builder nftTables(ImmutableList<NftTable> nftTables) {
      this.nftTables = nftTables;
      return this;
    }

    /** Sets the devices, addresses and routes. */
    @CanIgnoreReturnValue
    public Builder network(Network network) {
      this.network = network;
      return this;
    }

    /** Sets the kernel settings. */
    @CanIgnoreReturnValue
    public Builder sysctls(Sysctls sysctls) {
      this.sysctls = sysctls;
      return this;
    }

    /** Sets the live connections, and thereby switches connection tracking on. */
    @CanIgnoreReturnValue
    public Builder connections(ImmutableList<ConntrackEntry> connections) {
      this.connections = Optional.of(connections);
      return this;
    }

    /** Sets the connections that are waited for because live ones announced them. */
    @CanIgnoreReturnValue
    public Builder expectations(ImmutableList<ExpectationEntry> expectations) {
      this.expectations = expectations;
      return this;
    }

    /** Returns the snapshot. */
    public NodeSnapshot build() {
      return new NodeSnapshot(this);
    }
  }
}
