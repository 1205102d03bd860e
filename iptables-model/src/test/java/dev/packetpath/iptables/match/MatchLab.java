package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** One host whose matches a test compiles from text and asks at a time of its choice. */
final class MatchLab {
  static final Device ETH0 = Device.ethernet("eth0", 2);
  static final Device ETH1 = Device.ethernet("eth1", 3);
  static final HookState FORWARD = new HookState(Hook.FORWARD, ETH0, ETH1);

  final VirtualClock clock;
  final Host host;
  final IpSets sets;
  private final Nat nat;
  private final IpFamily family;
  private final Map<String, Object> shared = new HashMap<>();
  private long site;

  MatchLab() {
    this(IpFamily.IPV4, new VirtualClock(), new SeededDecisions(7));
  }

  MatchLab(IpFamily family, VirtualClock clock, Decisions decisions) {
    this.family = family;
    this.clock = clock;
    this.host =
        Host.builder(ConfiguredNetwork.builder().device(ETH0).device(ETH1).build())
            .clock(clock)
            .decisions(decisions)
            .build();
    this.sets = new IpSets(clock, host.work());
    this.nat = Nat.attach(Conntrack.attach(host, ConntrackSettings.DEFAULTS));
  }

  /** Returns the first match of a rule. */
  static Match read(IpFamily family, String rule) {
    String text = "*filter\n-A FORWARD " + rule + "\nCOMMIT\n";
    try {
      return forward(
              RestoreParser.parse("rules", family, new StringReader(text))
                  .tables()
                  .get(0)
                  .chains()
                  .stream()
                  .filter(MatchLab::isForward)
                  .findFirst()
                  .orElseThrow())
          .matches()
          .get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isForward(Chain chain) {
    return chain.name().equals("FORWARD");
  }

  private static Rule forward(Chain chain) {
    return chain.rules().get(0);
  }

  /** Loads a rule's first match. */
  MatchFunction load(String rule) {
    site++;
    return read(family, rule).compile(context());
  }

  /** Loads a match. */
  MatchFunction load(Match match) {
    site++;
    return match.compile(context());
  }

  private CompileContext context() {
    return new LabContext(site);
  }

  /** What the matches of this lab see. */
  private final class LabContext implements CompileContext {
    private final long site;

    LabContext(long site) {
      this.site = site;
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
      return TableName.FILTER;
    }

    @Override
    public IpSets sets() {
      return sets;
    }

    @Override
    public boolean hasConntrack() {
      return true;
    }

    @Override
    public Conntrack conntrack() {
      return nat().conntrack();
    }

    @Override
    public Nat nat() {
      return nat;
    }

    @Override
    public long site() {
      return site;
    }

    @Override
    public <T> T shared(Class<T> type, String name, Supplier<T> maker) {
      return type.cast(shared.computeIfAbsent(type.getName() + " " + name, key -> maker.get()));
    }
  }

  /** Returns whether the match holds; fails if it wants the packet dropped. */
  boolean holds(MatchFunction match, Packet packet) {
    MatchResult result = match.test(packet, FORWARD);
    if (result == MatchResult.DROP) {
      throw new AssertionError("the match wants the packet dropped");
    }
    return result == MatchResult.YES;
  }

  /** Moves the time to so many milliseconds since the start. */
  void atMs(long ms) {
    clock.advanceTo(ms * 1_000_000);
  }

  /** Returns a UDP packet of 100 bytes. */
  static Packet udp(String source, String destination) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .protocol(IpProtocol.UDP)
        .ports(1000, 2000)
        .payloadLength(72);
  }
}
