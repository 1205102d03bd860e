package dev.packetpath.core.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookRegistry;
import dev.packetpath.core.HookRunner;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Operation;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Trace;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.function.BiConsumer;

/**
 * One network namespace: it takes packets from links and from local sockets over the hooks, routes
 * them, and hands what comes out to a {@link PacketSink}.
 *
 * <p>Models register on {@link #hooks}. Belongs to one thread.
 *
 * <p>Source: net/ipv4/ip_input.c, ip_forward.c, ip_output.c, route.c and their IPv6 twins, Linux
 * 6.1.
 */
public final class Host {
  private static final Operation ROUTE_LOOKUP = Operation.named("routeLookup");

  private final Network network;
  private final Sysctls sysctls;
  private final VirtualClock clock;
  private final Decisions decisions;
  private final LocalSockets localSockets;
  private final HookRegistry hooks = new HookRegistry();
  private final Work work = new Work();
  private final Trace trace = new Trace();
  private final HookRunner runner = new HookRunner(hooks, work, trace);
  private final SourceCheck sourceCheck;
  private final IcmpErrors icmpErrors;
  private PacketSink sink = PacketSink.NOWHERE;
  private BiConsumer<Packet, Packet> answerListener = (answer, about) -> {};
  private long packets;

  private Host(Builder builder) {
    this.network = builder.network;
    this.sysctls = builder.sysctls;
    this.clock = builder.clock;
    this.decisions = builder.decisions;
    this.localSockets = builder.localSockets;
    this.sourceCheck = new SourceCheck(network, sysctls);
    this.icmpErrors = new IcmpErrors(this);
  }

  /** Returns a builder of a host on a network. */
  public static Builder builder(Network network) {
    return new Builder(network);
  }

  /** Returns the devices, addresses and routes. */
  public Network network() {
    return network;
  }

  /** Returns the kernel settings. */
  public Sysctls sysctls() {
    return sysctls;
  }

  /** Returns the time. */
  public VirtualClock clock() {
    return clock;
  }

  /** Returns where random draws come from. */
  public Decisions decisions() {
    return decisions;
  }

  /** Returns the hooks, for models to register on. */
  public HookRegistry hooks() {
    return hooks;
  }

  /** Returns the tally of work done so far. */
  public Work work() {
    return work;
  }

  /** Returns the trace, which is off until it is asked to keep events. */
  public Trace trace() {
    return trace;
  }

  /** Sets who receives the packets that come out. */
  public void sink(PacketSink sink) {
    this.sink = sink;
  }

  /**
   * Sets who is told of each packet that the kernel sends about another, before its first hook
   * (nf_ct_attach): first the answer, then what it is about.
   */
  public void onAnswer(BiConsumer<Packet, Packet> listener) {
    this.answerListener = listener;
  }

  /** Takes a packet that arrives on a device. */
  public void receive(Packet packet, Device in) {
    startPacket();
    receiveFrom(packet, in);
  }

  /**
   * Sends a packet of a local socket.
   *
   * @return what the sender is told, {@link Errno#OK} unless the packet was dropped before it left
   */
  @CanIgnoreReturnValue
  public Errno send(Packet packet) {
    startPacket();
    return sendFrom(packet, "local socket");
  }

  private void startPacket() {
    decisions.startPacket(packets++);
  }

  /** Sends a packet that the kernel itself makes in answer to another. */
  public void sendAnswer(Packet answer, Packet about, String by) {
    answerListener.accept(answer, about);
    sendFrom(answer, by);
  }

  /**
   * Sends an ICMP or ICMPv6 error about a packet to its source, as far as RFC 1122, RFC 4443 and
   * the rate limit allow.
   *
   * @param about the packet
   * @param in the device it came in by, {@link Device#NONE} if this host sent it
   * @param type the ICMP type
   * @param code the ICMP code
   * @param info the third word of the message
   * @param by who sends it, for the trace
   */
  public void sendIcmpError(Packet about, Device in, int type, int code, int info, String by) {
    icmpErrors.send(about, in, type, code, info, by);
  }

  private void receiveFrom(Packet packet, Device in) {
    if (trace.isOn()) {
      trace.add(new TraceEvent.Received(in, packet.copy()));
    }
    if (!accepted(packet, Hook.PREROUTING, in, Device.NONE)) {
      return;
    }
    Route route = packet.attachment(Route.OF_PACKET);
    if (!route.isUsable()) {
      String refusal = sourceCheck.refusesAddresses(packet, in);
      if (!refusal.isEmpty()) {
        drop(refusal);
        return;
      }
      route = lookUp(RouteQuery.of(packet, in), "input");
      if (!route.isUsable()) {
        unroutable(packet, in, route);
        return;
      }
      refusal = sourceCheck.refusesWayBack(packet, in);
      if (!refusal.isEmpty()) {
        drop(refusal);
        return;
      }
      packet.attach(Route.OF_PACKET, route);
    }
    switch (route.type()) {
      case LOCAL, BROADCAST, ANYCAST, MULTICAST -> deliver(packet, in);
      default -> forward(packet, in, route);
    }
  }

  private void unroutable(Packet packet, Device in, Route route) {
    boolean forwarding = forwards(packet.family(), in);
    drop(route.toString());
    if (!forwarding || route.type() == AddressType.BLACKHOLE) {
      return;
    }
    boolean v4 = packet.family() == IpFamily.IPV4;
    int code =
        switch (route.failure()) {
          case EACCES -> v4 ? 13 : 1;
          case EHOSTUNREACH -> v4 ? 1 : 3;
          default -> 0;
        };
    sendIcmpError(packet, in, unreachable(v4), code, 0, "routing");
  }

  private static int unreachable(boolean v4) {
    return v4 ? IcmpTypes.DESTINATION_UNREACHABLE : IcmpTypes.V6_DESTINATION_UNREACHABLE;
  }

  private void deliver(Packet packet, Device in) {
    if (!accepted(packet, Hook.INPUT, in, Device.NONE)) {
      return;
    }
    if (trace.isOn()) {
      trace.add(new TraceEvent.Delivered(packet.copy()));
    }
    sink.delivered(packet);
    if (localSockets == LocalSockets.RST
        && packet.protocol() == IpProtocol.TCP
        && !packet.isLaterFragment()
        && (packet.tcpFlags() & TcpFlags.RST) == 0) {
      sendFrom(TcpReset.answer(packet), "closed port");
    }
  }

  private void forward(Packet packet, Device in, Route route) {
    boolean v4 = packet.family() == IpFamily.IPV4;
    if (!forwards(packet.family(), in)) {
      drop("forwarding is off");
      return;
    }
    if (packet.ttl() <= 1) {
      drop("the time to live ran out");
      int type = v4 ? IcmpTypes.TIME_EXCEEDED : IcmpTypes.V6_TIME_EXCEEDED;
      sendIcmpError(packet, in, type, 0, 0, "forwarding");
      return;
    }
    if (packet.length() > route.device().mtu() && (!v4 || packet.dontFragment())) {
      drop("longer than the MTU of " + route.device() + ", " + route.device().mtu());
      int type = v4 ? IcmpTypes.DESTINATION_UNREACHABLE : IcmpTypes.V6_PACKET_TOO_BIG;
      sendIcmpError(packet, in, type, v4 ? 4 : 0, route.device().mtu(), "forwarding");
      return;
    }
    packet.ttl(packet.ttl() - 1);
    if (accepted(packet, Hook.FORWARD, in, route.device())) {
      output(packet, in);
    }
  }

  private boolean forwards(IpFamily family, Device in) {
    if (family == IpFamily.IPV6) {
      return sysctls.flag("net.ipv6.conf.all.forwarding", true);
    }
    return sysctls.flag("net.ipv4.ip_forward", true)
        && sysctls.flag("net.ipv4.conf." + in.name() + ".forwarding", true);
  }

  private Errno sendFrom(Packet packet, String by) {
    if (trace.isOn()) {
      trace.add(new TraceEvent.Sent(by, packet.copy()));
    }
    Route route = lookUp(RouteQuery.of(packet, Device.NONE), "output");
    if (!route.isUsable()) {
      drop(route.toString(), route.failure());
      return route.failure();
    }
    packet.attach(Route.OF_PACKET, route);
    if (packet.source().isAny()) {
      packet.source(sourceFor(packet, route));
    }
    Verdict verdict = runner.run(packet, new HookState(Hook.OUTPUT, Device.NONE, route.device()));
    if (verdict != Verdict.ACCEPT) {
      return dropped(packet, Hook.OUTPUT, verdict);
    }
    return output(packet, Device.NONE);
  }

  private IpAddress sourceFor(Packet packet, Route route) {
    if (!route.source().isAny()) {
      return route.source();
    }
    return route.isLocal()
        ? packet.destination()
        : network.selectSource(
            route.device(), route.gateway().isAny() ? packet.destination() : route.gateway());
  }

  /** The common end of forwarding and of local sending: POSTROUTING, then the device. */
  private Errno output(Packet packet, Device in) {
    Device out = packet.attachment(Route.OF_PACKET).device();
    Verdict verdict = runner.run(packet, new HookState(Hook.POSTROUTING, in, out));
    if (verdict != Verdict.ACCEPT) {
      return dropped(packet, Hook.POSTROUTING, verdict);
    }
    if (out.loopback()) {
      receiveFrom(packet, out);
      return Errno.OK;
    }
    if (trace.isOn()) {
      trace.add(new TraceEvent.Emitted(out, packet.copy()));
    }
    sink.emitted(out, packet);
    return Errno.OK;
  }

  /**
   * Makes the routing decision of a packet of this host again, after a hook changed its addresses,
   * mark or type of service (net/netfilter/core ip_route_me_harder).
   *
   * @return why there is no way, {@link Errno#OK} if there is one
   */
  public Errno reroute(Packet packet, String why) {
    Route route = lookUp(RouteQuery.of(packet, Device.NONE), why);
    if (route.isUsable()) {
      packet.attach(Route.OF_PACKET, route);
    } else {
      packet.attach(Errno.OF_DROP, route.failure());
    }
    return route.failure();
  }

  private Route lookUp(RouteQuery query, String why) {
    work.add(ROUTE_LOOKUP);
    Route route = network.route(query);
    if (trace.isOn()) {
      trace.add(new TraceEvent.Routed(route, why));
    }
    return route;
  }

  private boolean accepted(Packet packet, Hook hook, Device in, Device out) {
    Verdict verdict = runner.run(packet, new HookState(hook, in, out));
    if (verdict == Verdict.ACCEPT) {
      return true;
    }
    dropped(packet, hook, verdict);
    return false;
  }

  @CanIgnoreReturnValue
  private Errno dropped(Packet packet, Hook hook, Verdict verdict) {
    if (verdict != Verdict.DROP) {
      return Errno.OK;
    }
    Errno errno = packet.attachment(Errno.OF_DROP);
    drop("dropped in " + hook, errno);
    return errno;
  }

  private void drop(String reason) {
    drop(reason, Errno.OK);
  }

  private void drop(String reason, Errno errno) {
    if (trace.isOn()) {
      trace.add(new TraceEvent.Dropped(reason, errno));
    }
  }

  /** Builds a {@link Host}. Not safe for use by several threads. */
  public static final class Builder {
    private final Network network;
    private Sysctls sysctls = Sysctls.DEFAULTS;
    private VirtualClock clock = new VirtualClock();
    private Decisions decisions = new SeededDecisions(0);
    private LocalSockets localSockets = LocalSockets.NONE;

    private Builder(Network network) {
      this.network = network;
    }

    /** Sets the kernel settings; none are set by default. */
    @CanIgnoreReturnValue
    public Builder sysctls(Sysctls sysctls) {
      this.sysctls = sysctls;
      return this;
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

    /** Returns the host. */
    public Host build() {
      return new Host(this);
    }
  }
}
