package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import java.util.EnumMap;
import java.util.Map;

/**
 * Network address translation of one host (net/netfilter/nf_nat_core.c, nf_nat_proto.c and
 * nf_nat_masquerade.c, Linux 6.1).
 */
public final class Nat {
  private static final IpAddress LOOPBACK_V4 = IpAddress.parse("127.0.0.1");
  private static final IpAddress LOOPBACK_V6 = IpAddress.parse("::1");

  private final Conntrack conntrack;
  private final Host host;
  private final Work work;
  private final Trace trace;
  private final UniqueTuple uniqueTuple;
  private final Map<IpFamily, NatHook[]> hooks = new EnumMap<>(IpFamily.class);
  private ConnectionExtension masqueraded = ConnectionExtension.NONE;

  // What sendTo did and did not tell yet, which takes an instruction each where telling takes nine.
  private long sent;
  private long probed;

  private Nat(Conntrack conntrack) {
    this.conntrack = conntrack;
    this.host = conntrack.host();
    this.work = host.work();
    this.trace = host.trace();
    this.uniqueTuple = new UniqueTuple(conntrack, new SourceMappings(conntrack));
    work.askBeforeReading(this::tell);
  }

  private void tell() {
    work.add(ConntrackOperations.NAT_SET_UP, sent);
    work.add(ConntrackOperations.NAT_PORT_PROBE, probed);
    sent = 0;
    probed = 0;
  }

  /** Returns NAT for a host's connections. It does nothing until a chain is registered. */
  public static Nat attach(Conntrack conntrack) {
    return new Nat(conntrack);
  }

  /** Returns the connections that this translates. */
  public Conntrack conntrack() {
    return conntrack;
  }

  /**
   * Registers the walk of a nat table's chain. It is asked for the first packet of a connection
   * only, once for each end. The first chain of a family puts NAT on the family's four hooks.
   *
   * @param family the family
   * @param hook PREROUTING, INPUT, OUTPUT or POSTROUTING
   * @param priority its place among the chains of the hook, lowest first
   * @param chains the walk
   */
  public void registerChain(IpFamily family, Hook hook, int priority, HookFunction chains) {
    checkArgument(hook != Hook.FORWARD, "there is no nat at FORWARD");
    hooks.computeIfAbsent(family, this::putOnHooks)[hook.ordinal()].add(priority, chains);
  }

  private NatHook[] putOnHooks(IpFamily family) {
    NatHook[] ofFamily = new NatHook[Hook.values().length];
    for (Hook hook : Hook.values()) {
      NatHook function = new NatHook(this, hook);
      ofFamily[hook.ordinal()] = function;
      if (hook != Hook.FORWARD) {
        int priority =
            ManipType.at(hook) == ManipType.SOURCE ? HookPriority.NAT_SRC : HookPriority.NAT_DST;
        host.hooks().register(family, hook, priority, "nat", function);
      }
    }
    return ofFamily;
  }

  /**
   * Decides NAT for one end of the packet's connection (nf_nat_setup_info). Does nothing for a
   * connection that is in the table already.
   */
  public Verdict setUp(Packet packet, NatRange range, ManipType type) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (connection.isConfirmed()) {
      return Verdict.ACCEPT;
    }
    if (!connection.exists() || connection.hasAny(type.doneBit())) {
      return Verdict.DROP;
    }
    Tuple current = connection.reply().inverse();
    Tuple chosen = uniqueTuple.find(current, range, type, connection);
    if (!chosen.equals(current)) {
      connection.tuple(Direction.REPLY, chosen.inverse());
      connection.set(type.statusBit());
    }
    decided(connection, type);
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.NatSetUp(type, current, chosen, uniqueTuple.probes()));
    }
    return Verdict.ACCEPT;
  }

  /**
   * Sends a connection to one address and port: what {@link #setUp} does for a range that {@link
   * NatRange#isOne}, without reading the range and without allocating. For a protocol that {@link
   * Tuple#hasPorts}, while no trace is taken.
   *
   * @param port the port, -1 for the packet's own
   */
  public Verdict sendTo(Packet packet, long high, long low, int port) {
    Connection connection = PacketConnection.connectionOf(packet);
    int status = connection.status();
    if ((status & ConnectionStatus.CONFIRMED) != 0) {
      return Verdict.ACCEPT;
    }
    if (!connection.exists() || (status & ConnectionStatus.DST_NAT_DONE) != 0) {
      return Verdict.DROP;
    }
    int portBefore = connection.sourcePort(Direction.REPLY);
    int portAfter = port < 0 ? portBefore : port;
    boolean changed = connection.answersFrom(high, low, portAfter);
    if (port != portBefore) {
      conntrack.taken().seekReply(connection);
      probed++;
    }
    sent++;
    connection.set(
        changed
            ? ConnectionStatus.DST_NAT | ConnectionStatus.DST_NAT_DONE
            : ConnectionStatus.DST_NAT_DONE);
    return Verdict.ACCEPT;
  }

  private void decided(Connection connection, ManipType type) {
    work.add(ConntrackOperations.NAT_SET_UP);
    if (type == ManipType.SOURCE) {
      work.add(ConntrackOperations.NAT_SOURCE_INSERT);
    }
    connection.set(type.doneBit());
  }

  /**
   * Translates an expected connection as its master is translated (nf_nat_follow_master); returns
   * false if the master is not.
   */
  boolean followsMaster(Packet packet, Connection connection) {
    Expectation expected = conntrack.expectations().fulfilledBy(connection);
    if (!expected.exists() || !expected.master().hasAny(ConnectionStatus.NAT_MASK)) {
      return false;
    }
    Tuple tuple = expected.master().tuple(expected.direction().opposite());
    NatRange to =
        NatRange.builder()
            .addresses(tuple.source(), tuple.source())
            .ports(expected.port(), expected.port())
            .build();
    return setUp(packet, NatRange.ofAddress(tuple.destination()), ManipType.SOURCE)
            == Verdict.ACCEPT
        && setUp(packet, to, ManipType.DESTINATION) == Verdict.ACCEPT;
  }

  /**
   * Decides that one end keeps its address; its port may change if the tuple is taken. Where it is
   * not, and no trace is taken, that does not allocate.
   */
  Verdict bindToItself(Packet packet, ManipType type) {
    Connection connection = PacketConnection.connectionOf(packet);
    boolean undecided = !connection.isConfirmed() && !connection.hasAny(type.doneBit());
    if (undecided && !trace.isOn() && uniqueTuple.isFree(connection)) {
      decided(connection, type);
      return Verdict.ACCEPT;
    }
    Tuple reply = connection.reply();
    IpAddress own = type == ManipType.SOURCE ? reply.destination() : reply.source();
    return setUp(packet, NatRange.ofAddress(own), type);
  }

  /**
   * Gives a packet that leaves by a device that device's address as source (the MASQUERADE target).
   * Drops the packet if the device has no address.
   */
  public Verdict masquerade(Packet packet, NatRange range, Device out) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (packet.family() == IpFamily.IPV4 && connection.original().sourceLow() == 0) {
      return Verdict.ACCEPT;
    }
    Route route = packet.attachment(Route.OF_PACKET);
    IpAddress source = host.network().selectSource(out, route.selectingBy(packet.destination()));
    if (source.isAny()) {
      return dropped("MASQUERADE: " + out + " has no address");
    }
    if (!masqueraded.masqueradeDevice().equals(out)) {
      masqueraded = ConnectionExtension.NONE.withMasqueradeDevice(out);
    }
    connection.masquerade(masqueraded);
    return setUp(packet, range.withAddress(source), ManipType.SOURCE);
  }

  /**
   * Sends a packet to this host itself (the REDIRECT target): to the loopback address at OUTPUT, to
   * the first address of the device it came in by at PREROUTING. Drops the packet if there is none.
   */
  public Verdict redirect(Packet packet, NatRange range, HookState state) {
    IpAddress local =
        state.hook() == Hook.OUTPUT
            ? packet.family() == IpFamily.IPV4 ? LOOPBACK_V4 : LOOPBACK_V6
            : host.network().primaryAddress(state.in(), packet.family());
    return local.isAny()
        ? dropped("REDIRECT: " + state.in() + " has no address")
        : setUp(packet, range.withAddress(local), ManipType.DESTINATION);
  }

  /**
   * Replaces the network part of an address (the NETMAP target).
   *
   * @param packet the packet
   * @param network an address whose masked bits replace those of the packet's address
   * @param prefixLength the number of bits replaced
   * @param state the hook
   */
  public Verdict netmap(Packet packet, IpAddress network, int prefixLength, HookState state) {
    ManipType type = ManipType.at(state.hook());
    long maskHigh = IpPrefix.maskHigh(packet.family(), prefixLength);
    long maskLow = IpPrefix.maskLow(packet.family(), prefixLength);
    boolean source = type == ManipType.SOURCE;
    long high = source ? packet.sourceHigh() : packet.destinationHigh();
    long low = source ? packet.sourceLow() : packet.destinationLow();
    IpAddress mapped =
        new IpAddress(
            packet.family(),
            (high & ~maskHigh) | (network.high() & maskHigh),
            (low & ~maskLow) | (network.low() & maskLow));
    return setUp(packet, NatRange.ofAddress(mapped), type);
  }

  private Verdict dropped(String reason) {
    if (trace.isOn()) {
      trace.add(new ConntrackEvent.Dropped(reason));
    }
    return Verdict.DROP;
  }
}
