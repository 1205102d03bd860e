package dev.packetpath.node;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.MacAddress;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.RulesetProgram;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Walk;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsHooks;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.nftables.Nftables;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A running node: a host with the models that its snapshot asks for. Packets go in, and what the
 * kernel would do comes out. Belongs to one thread.
 */
public final class Node {
  private final Host host;
  private final IpSets sets;
  private final Optional<Nat> nat;
  private final ImmutableList<Iptables> iptables;
  private final Optional<Ipvs> ipvs;
  private final Nftables nftables;

  private Node(Builder builder) {
    NodeSnapshot snapshot = builder.snapshot;
    this.host =
        Host.builder(snapshot.network())
            .sysctls(snapshot.sysctls())
            .clock(builder.clock)
            .decisions(builder.decisions)
            .localSockets(builder.localSockets)
            .build();
    this.sets = new IpSets(host.clock(), host.work());
    if (builder.unknownSets) {
      sets.allowOthers();
    }
    snapshot.sets().forEach(sets::apply);
    this.nat = snapshot.tracksConnections() ? Optional.of(track(snapshot)) : Optional.empty();
    Map<IpFamily, RulesetProgram> programs = builder.programs.orElseGet(() -> compile(snapshot));
    this.iptables =
        programs.values().stream()
            .map(program -> Iptables.attach(host, program, sets, nat, builder.walk))
            .collect(ImmutableList.toImmutableList());
    this.ipvs =
        snapshot.virtualServices().map(services -> balance(snapshot, services, builder.ipvsKernel));
    this.nftables = Nftables.attach(host, snapshot.nftTables(), nat);
  }

  /** Returns the programs of a snapshot's tables, which several nodes may share. */
  static Map<IpFamily, RulesetProgram> compile(NodeSnapshot snapshot) {
    Map<IpFamily, RulesetProgram> programs = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      snapshot
          .ruleset(family)
          .ifPresent(ruleset -> programs.put(family, RulesetProgram.compile(ruleset)));
    }
    return programs;
  }

  private Ipvs balance(
      NodeSnapshot snapshot,
      ImmutableList<ServiceEntry> services,
      UnaryOperator<IpvsSettings> kernel) {
    IpvsSettings settings = kernel.apply(IpvsSettings.of(snapshot.sysctls()));
    Ipvs balancer = new Ipvs(settings, host.clock(), host.decisions(), host.work());
    balancer.load(services);
    IpvsHooks.attach(host, balancer, conntrack());
    return balancer;
  }

  private Nat track(NodeSnapshot snapshot) {
    Conntrack conntrack = Conntrack.attach(host, ConntrackSettings.of(snapshot.sysctls()));
    snapshot.connections().ifPresent(conntrack::load);
    conntrack.loadExpectations(snapshot.expectations());
    return Nat.attach(conntrack);
  }

  /**
   * Returns a node of a snapshot, with seed 0, the time at 0 and silent local sockets.
   *
   * @throws IllegalArgumentException as {@link Builder#build} does
   * @throws dev.packetpath.iptables.LoadException as {@link Builder#build} does
   */
  public static Node of(NodeSnapshot snapshot) {
    return builder(snapshot).build();
  }

  /** Returns a builder of a node of a snapshot. */
  public static Builder builder(NodeSnapshot snapshot) {
    return new Builder(snapshot);
  }

  /** Returns the host with its hooks, clock, work and trace. */
  public Host host() {
    return host;
  }

  /** Returns the sets. */
  public IpSets sets() {
    return sets;
  }

  /** Returns connection tracking, if it is on. */
  public Optional<Conntrack> conntrack() {
    return nat.map(Nat::conntrack);
  }

  /** Returns the virtual services and their connections, if ip_vs is loaded. */
  public Optional<Ipvs> ipvs() {
    return ipvs;
  }

  /** Returns nftables; without tables if the snapshot has none. */
  public Nftables nftables() {
    return nftables;
  }

  /** Returns the tables of a family, if any are loaded. */
  public Optional<Iptables> iptables(IpFamily family) {
    return iptables.stream().filter(tables -> tables.family() == family).findFirst();
  }

  /**
   * Gives the node a packet and returns what became of it.
   *
   * @throws IllegalArgumentException if there is no such device, or the time goes backwards
   */
  @CanIgnoreReturnValue
  public PacketResult inject(Injection injection) {
    injection.timeNs().ifPresent(this::advanceTo);
    Collector collector = new Collector();
    host.sink(collector);
    host.work().clear();
    host.trace().take();
    Map<TableName, Long> before = rulesEvaluated();
    Errno errno = Errno.OK;
    if (injection.at().equals(Injection.LOCAL)) {
      errno = host.send(injection.packet());
    } else {
      Device in = device(injection.at());
      injection
          .linkDestination()
          .ifPresent(to -> injection.packet().linkType(LinkType.of(to, addressOf(in))));
      host.receive(injection.packet(), in);
    }
    ImmutableMap.Builder<TableName, Long> traversed = ImmutableMap.builder();
    rulesEvaluated()
        .forEach((table, after) -> traversed.put(table, after - before.getOrDefault(table, 0L)));
    return new PacketResult(
        ImmutableList.copyOf(collector.emissions),
        errno,
        traversed.buildOrThrow(),
        host.work().toMap(),
        ImmutableList.copyOf(host.trace().take()));
  }

  /**
   * What ip_vs ends it takes out of connection tracking too, before a packet is looked up there.
   */
  private void advanceTo(long timeNs) {
    host.clock().advanceTo(timeNs);
    ipvs.ifPresent(Ipvs::advance);
  }

  private Device device(String name) {
    Device device = host.network().device(name);
    checkArgument(
        device.exists(), "no device \"%s\"; the node has %s", name, host.network().devices());
    return device;
  }

  private static MacAddress addressOf(Device device) {
    checkArgument(
        device.loopback() || device.mac().bits() != 0,
        "whom a packet is addressed to needs the Ethernet address of %s, which is not told",
        device);
    return device.mac();
  }

  private Map<TableName, Long> rulesEvaluated() {
    Map<TableName, Long> evaluated = new EnumMap<>(TableName.class);
    for (Iptables family : iptables) {
      for (LoadedTable table : family.tables()) {
        evaluated.merge(table.name(), table.rulesEvaluated(), Long::sum);
      }
    }
    return evaluated;
  }

  private static final class Collector implements PacketSink {
    private final List<Emission> emissions = new ArrayList<>(1);

    @Override
    public void emitted(Device out, Packet packet) {
      emissions.add(new Emission(out.name(), packet.copy()));
    }

    @Override
    public void delivered(Packet packet) {
      emissions.add(new Emission(Emission.LOCAL, packet.copy()));
    }
  }

  /** Builds a {@link Node}. Not safe for use by several threads. */
  public static final class Builder {
    private final NodeSnapshot snapshot;
    private VirtualClock clock = new VirtualClock();
    private Decisions decisions = new SeededDecisions(0);
    private LocalSockets localSockets = LocalSockets.NONE;
    private boolean unknownSets;
    private Optional<Map<IpFamily, RulesetProgram>> programs = Optional.empty();
    private Walk walk = Walk.COMPILED;
    private UnaryOperator<IpvsSettings> ipvsKernel = UnaryOperator.identity();

    private Builder(NodeSnapshot snapshot) {
      this.snapshot = snapshot;
    }

    /** Sets the clock; by default one that stands at 0. */
    @CanIgnoreReturnValue
    public Builder clock(VirtualClock clock) {
      this.clock = clock;
      return this;
    }

    /** Sets where random draws come from; by default seed 0. */
    @CanIgnoreReturnValue
    public Builder decisions(Decisions decisions) {
      this.decisions = decisions;
      return this;
    }

    /** Sets how local sockets answer; by default not at all. */
    @CanIgnoreReturnValue
    public Builder localSockets(LocalSockets localSockets) {
      this.localSockets = localSockets;
      return this;
    }

    /**
     * Sets whether rules may name sets that the snapshot does not have; whether something is in
     * them is asked of the decisions. By default such a rule is an error.
     */
    @CanIgnoreReturnValue
    public Builder unknownSets(boolean unknownSets) {
      this.unknownSets = unknownSets;
      return this;
    }

    /**
     * Sets what the kernel's ip_vs is like that no sysctl tells; by default that of Linux 6.1.192.
     *
     * @param change takes what the sysctls tell
     */
    @CanIgnoreReturnValue
    public Builder ipvsKernel(UnaryOperator<IpvsSettings> change) {
      this.ipvsKernel = change;
      return this;
    }

    /** Sets the programs of the snapshot's tables, made before. */
    @CanIgnoreReturnValue
    Builder programs(Map<IpFamily, RulesetProgram> programs) {
      this.programs = Optional.of(programs);
      return this;
    }

    /** Sets how iptables rules are walked; by default compiled. Every answer is the same. */
    @CanIgnoreReturnValue
    public Builder walk(Walk walk) {
      this.walk = walk;
      return this;
    }

    /**
     * Returns the node.
     *
     * @throws IllegalArgumentException if a setting is no number, a rule names a chain that its
     *     table does not have, or an nftables rule a set
     * @throws dev.packetpath.iptables.LoadException if an iptables rule names a set that the
     *     snapshot does not have, or contradicts another
     */
    public Node build() {
      return new Node(this);
    }
  }
}
