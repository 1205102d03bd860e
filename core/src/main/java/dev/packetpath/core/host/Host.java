package dev.packetpath.core.host;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.HookRegistry;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Trace;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import java.util.List;
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
  /**
   * So many that misses of the cache overlap, so few that what was read is still there: of 8, 16
   * and 32, four turns each, the medians were 837 to 1,081, 634 to 826 and 600 to 916 ns.
   */
  private static final int LOOK_AHEAD = 16;

  private final Network network;
  private final Sysctls sysctls;
  private final VirtualClock clock;
  private final Decisions decisions;
  private final HookRegistry hooks = new HookRegistry();
  private final Work work = new Work();
  private final Trace trace = new Trace();
  private final PathRecording recording = new PathRecording(work);
  private final PacketInput input;
  private final PacketOutput output;
  private final IcmpErrors icmpErrors;
  private PacketSink sink = PacketSink.NOWHERE;
  private BiConsumer<Packet, Packet> answerListener = (answer, about) -> {};

  /** The number of the last packet that came or that a socket sent. */
  private long number = -1;

  private Host(Builder builder) {
    this.network = builder.network;
    this.sysctls = builder.sysctls;
    this.clock = builder.clock;
    this.decisions = builder.decisions;
    this.input = new PacketInput(this, builder.localSockets);
    this.output = input.output();
    this.icmpErrors = new IcmpErrors(this);
    hooks.onChange(recording::forget);
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

  /** Returns what records the paths of packets, for models to speak to. */
  public PathRecording recording() {
    return recording;
  }

  /** Sets who takes packets past the hooks whose path is known; by default nobody. */
  public void fastPath(FastPath fastPath) {
    input.fastPath(fastPath);
  }

  /**
   * Sets who does at once what several hook functions do, where that is known; by default nobody.
   */
  public void shortcut(HookShortcut shortcut) {
    input.shortcut(shortcut);
  }

  PacketSink sink() {
    return sink;
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

  /**
   * Takes packets that arrive on a device together, as a driver hands on what it polled: one after
   * the other, each as {@link #receive(Packet, Device)} takes it. But what their look-ups will wait
   * for may be read ahead, for several packets at once: by hook functions, and by who takes packets
   * past them. That pays where there are thousands of rules or connections.
   *
   * @param burst the packets; nobody may change the list until this returns
   */
  public void receive(List<Packet> burst, Device in) {
    for (int from = 0; from < burst.size(); from += LOOK_AHEAD) {
      int end = Math.min(from + LOOK_AHEAD, burst.size());
      input.lookAhead(burst, from, end, in);
      for (int i = from; i < end; i++) {
        receive(burst.get(i), in);
      }
    }
  }

  /** Takes a packet that arrives on a device. */
  public void receive(Packet packet, Device in) {
    number++;
    input.receive(packet, in);
  }

  /**
   * Sends a packet of a local socket.
   *
   * @return what the sender is told, {@link Errno#OK} unless the packet was dropped before it left
   */
  @CanIgnoreReturnValue
  public Errno send(Packet packet) {
    number++;
    startPacket();
    return output.sendOfSocket(packet, "local socket");
  }

  /**
   * Sets the number of the next packet, from which random draws are made; those that follow are
   * counted on from it. By default the first packet is number 0.
   */
  public void numberNext(long number) {
    this.number = number - 1;
  }

  /** The last packet that came may ask for decisions. */
  void startPacket() {
    decisions.startPacket(number);
  }

  /** Sends a packet that the kernel itself makes in answer to another. */
  public void sendAnswer(Packet answer, Packet about, String by) {
    sendAnswer(answer, about, Device.NONE, by);
  }

  /** Returns whether there is a route for an answer. */
  public boolean canSend(Packet answer) {
    return output.canSend(answer);
  }

  void sendAnswer(Packet answer, Packet about, Device out, String by) {
    answerListener.accept(answer, about);
    output.send(answer, out, by);
  }

  /**
   * Sends a copy of a packet, over OUTPUT and POSTROUTING, by a route that does not follow its
   * addresses (net/ipv4/netfilter/nf_dup_ipv4.c and its IPv6 twin).
   *
   * @param copy the copy
   * @param in the device that the packet is at, which POSTROUTING takes for the one it came in by
   * @param route where it goes
   * @param by who sends it, for the trace
   */
  public void sendCopy(Packet copy, Device in, Route route, String by) {
    output.sendCopy(copy, in, route, by);
  }

  /**
   * Sends on a packet that a hook function keeps, over OUTPUT and POSTROUTING, by a route that need
   * not follow its addresses (the NF_HOOK of net/netfilter/ipvs/ip_vs_xmit.c). The function's
   * verdict is then {@link dev.packetpath.core.Verdict#STOLEN}.
   *
   * @param by the name under which the function is registered
   */
  public void sendOn(Packet packet, Route route, String by) {
    output.sendOn(packet, route, by);
  }

  /** Makes a routing decision for a hook function. */
  public Route route(RouteQuery query, String why) {
    return output.lookUp(query, why);
  }

  /**
   * Sends an ICMP or ICMPv6 error about a packet to its source, as far as RFC 1122, RFC 4443 and
   * the rate limit allow.
   *
   * @param about the packet
   * @param in the device it came in by, {@link Device#NONE} if this host sent it
   * @param error what is sent
   * @param by who sends it, for the trace
   */
  public void sendIcmpError(Packet about, Device in, IcmpError error, String by) {
    icmpErrors.send(about, about.length(), in, error, by);
  }

  /**
   * Sends an ICMP or ICMPv6 error as the other method does, about a packet of which no more than
   * its first bytes are there.
   *
   * @param bytes how many bytes of the packet are there to quote
   */
  public void sendIcmpError(Packet about, int bytes, Device in, IcmpError error, String by) {
    icmpErrors.send(about, bytes, in, error, by);
  }

  void sendNoRoute(Packet about, Device in, Errno why) {
    icmpErrors.sendNoRoute(about, in, why);
  }

  /**
   * Makes the routing decision of a packet of this host again, after a hook changed its addresses,
   * mark or type of service (net/ipv4/netfilter.c, ip_route_me_harder).
   *
   * @return why there is no way, {@link Errno#OK} if there is one
   */
  public Errno reroute(Packet packet, String why) {
    return output.reroute(packet, why);
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
