package dev.packetpath.ipvs;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The virtual services of one network namespace, their servers and connections, and what becomes of
 * packets. Belongs to the thread of its host.
 *
 * <p>Administer it as with ipvsadm; hand it packets with {@link #fromClient} and {@link
 * #fromServer}, which {@link IpvsHooks} does on a host. Packets of live connections allocate
 * nothing.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_core.c and ip_vs_ctl.c, Linux 6.1.
 */
public final class Ipvs {
  private final SettingsHolder settings;
  private final VirtualClock clock;
  private final ServiceTable services;
  private final Defense defense;
  private final ConnectionLife life;
  private final Administration administration;
  private final Housekeeping housekeeping;
  private final Balancer balancer;

  /**
   * Creates an ip_vs without services.
   *
   * @param settings how it is set
   * @param clock the time
   * @param decisions where random draws come from
   * @param work where work is counted
   */
  public Ipvs(IpvsSettings settings, VirtualClock clock, Decisions decisions, Work work) {
    this.settings = new SettingsHolder(settings);
    this.clock = clock;
    this.services = new ServiceTable(work);
    this.life = new ConnectionLife(this.settings, clock, work);
    this.defense = new Defense(this.settings, decisions, life.timers().wheel());
    this.administration =
        new Administration(
            this.settings,
            services,
            life,
            clock,
            service ->
                new ServiceContext(
                    service, this.settings, clock, life.timers().wheel(), decisions, work));
    this.housekeeping = new Housekeeping(life, administration.trash(), defense, clock);
    this.balancer =
        new Balancer(
            this.settings,
            life,
            housekeeping,
            new ProtocolStates(this.settings, defense, work),
            new ConnectionReuse(this.settings, life, clock),
            new NewConnections(this.settings, services, life, defense, work));
    defense.settingsChanged(clock.nowNs());
  }

  /** Returns the settings. */
  public IpvsSettings settings() {
    return settings.get();
  }

  /**
   * Changes the settings, save for the size of the table and the kernel's ticks, which stay as they
   * are.
   */
  public void settings(IpvsSettings changed) {
    advance();
    settings.set(changed);
    defense.settingsChanged(clock.nowNs());
  }

  /** Returns the number of buckets of the connection table. */
  public int tableSize() {
    return life.table().buckets();
  }

  /** Returns the packets and bytes of all services. */
  public Traffic total() {
    return balancer.total();
  }

  /** Returns the services, the one added first first. */
  public ImmutableList<VirtualService> services() {
    return ImmutableList.copyOf(services.all());
  }

  /** Returns a service. */
  public Optional<VirtualService> find(ServiceKey key) {
    VirtualService service = services.get(key);
    return service.exists() ? Optional.of(service) : Optional.empty();
  }

  /**
   * Adds a service without servers.
   *
   * @throws IllegalArgumentException if there is one of this key
   */
  public void add(ServiceSpec spec) {
    advance();
    administration.add(spec);
  }

  /**
   * Adds services with their servers, in order.
   *
   * @throws IllegalArgumentException if there is one of the same key, or a server twice
   */
  public void load(Iterable<ServiceEntry> entries) {
    for (ServiceEntry entry : entries) {
      add(entry.service());
      entry.servers().forEach(server -> addServer(entry.service().key(), server));
    }
  }

  /**
   * Sets scheduler, flags and persistence of a service. Another scheduler starts anew with the
   * servers there are.
   *
   * @throws IllegalArgumentException if there is no service of this key, or it has more servers
   *     than the scheduler takes; nothing is changed then
   */
  public void edit(ServiceSpec spec) {
    advance();
    administration.edit(spec);
  }

  /**
   * Removes a service and its servers.
   *
   * @throws IllegalArgumentException if there is none of this key
   */
  public void remove(ServiceKey key) {
    advance();
    administration.remove(key);
  }

  /**
   * Adds a server at the head of a service's list. One that was there not long ago comes back with
   * its connections.
   *
   * @throws IllegalArgumentException if there is no such service, or it has the server, or the
   *     server is of another family and not reached by a tunnel
   */
  public void addServer(ServiceKey key, ServerSpec spec) {
    advance();
    administration.addServer(key, spec);
  }

  /**
   * Sets weight, thresholds and method of a server, which keeps its place.
   *
   * @throws IllegalArgumentException if there is no such service or server
   */
  public void editServer(ServiceKey key, ServerSpec spec) {
    advance();
    administration.editServer(key, spec);
  }

  /**
   * Takes a server off its service. Its connections stay until their time is over, unless the
   * setting expire_nodest_conn ends them.
   *
   * @throws IllegalArgumentException if there is no such service or server
   */
  public void removeServer(ServiceKey key, IpAddress address, int port) {
    advance();
    administration.removeServer(key, address, port);
  }

  /** Returns the connections and templates, the oldest first. */
  public ImmutableList<IpvsConnection> connections() {
    List<IpvsConnection> all = new ArrayList<>(life.table().size());
    life.table().forEach(all::add);
    all.sort(Comparator.comparingLong(IpvsConnection::number));
    return ImmutableList.copyOf(all);
  }

  /** Returns the connections and templates by bucket of their table, the newest of each first. */
  public ImmutableList<IpvsConnection> connectionsByBucket() {
    ImmutableList.Builder<IpvsConnection> all = ImmutableList.builder();
    life.table().forEach(all::add);
    return all.build();
  }

  /**
   * Returns the connection of a client's packet, the newest if there are several; {@link
   * IpvsConnection#NONE} if there is none. Changes nothing but the work that is counted.
   */
  public IpvsConnection lookUp(Packet packet) {
    return balancer.lookUp(packet);
  }

  /** Returns the number of connections and templates. */
  public int connectionCount() {
    return life.table().size();
  }

  /** Ends what is over at the time of the clock. Each packet and each change does so first. */
  public void advance() {
    housekeeping.advance();
  }

  /**
   * Sets which connections may end when their time is over, until this is called again; the others
   * stay. All may at first. For those who know when a kernel's late timers fired.
   */
  public void onlyExpiring(Predicate<IpvsConnection> condition) {
    life.timers().mayFire(condition);
  }

  /** Ends a connection as if its time were over. */
  public void expire(IpvsConnection connection) {
    if (connection.isLive()) {
      life.expire(connection, clock.nowNs());
    }
  }

  /** Returns whether there is a service for clients of a family. */
  public boolean serves(IpFamily family) {
    return !services.isEmpty(family);
  }

  /** Tells a listener that a service came or went. */
  void onServices(Runnable listener) {
    administration.onServices(listener);
  }

  /** Returns the number of connections and templates made so far. */
  long connectionsMade() {
    return life.made();
  }

  /** Takes an ICMP error about an answer to a client; {@link #connection} tells where it goes. */
  Disposition aboutAnswer(Packet error, boolean fromThisHost) {
    return balancer.aboutAnswer(error, fromThisHost);
  }

  /** Returns whether packets of clients are all left alone. */
  boolean leavesAll() {
    return balancer.leavesAll();
  }

  /** Counts a packet to the real server of a connection. */
  void countIn(IpvsConnection connection, Packet packet) {
    balancer.countIn(connection, packet);
  }

  /** Counts a packet to the client of a connection. */
  void countOut(IpvsConnection connection, int bytes) {
    balancer.countOut(connection, bytes);
  }

  /** Returns whether packets are sent to a server through a tunnel of a type and port. */
  boolean hasTunnel(IpAddress address, Tunnel.Type type, int port) {
    return services.all().stream()
        .flatMap(service -> service.servers().stream())
        .anyMatch(
            server ->
                server.method() == Method.TUNNEL
                    && server.tunnel().type() == type
                    && server.tunnel().port() == port
                    && server.address().equals(address));
  }

  /** Returns the connection to whose real server a packet was sent. */
  IpvsConnection sentTo(Packet packet) {
    return balancer.sentTo(packet);
  }

  /** Returns whether a packet's source is a masqueraded server of a service of its protocol. */
  boolean isRealServer(Packet packet) {
    return services.all().stream()
        .filter(
            service ->
                !(service.key() instanceof ServiceKey.Virtual virtual)
                    || virtual.protocol() == packet.protocol())
        .flatMap(service -> service.servers().stream())
        .anyMatch(
            server ->
                server.method() == Method.MASQUERADE
                    && server.port() == packet.sourcePort()
                    && server.address().equals(packet.source()));
  }

  /** Tells a listener of each connection that ends. */
  void onEnd(Consumer<IpvsConnection> listener) {
    life.onEnd(listener);
  }

  /** Sets which IPv4 addresses are those of single other hosts; none are at first. */
  void unicast(Predicate<IpAddress> condition) {
    balancer.unicast(condition);
  }

  /**
   * Takes a packet towards a virtual service: finds its connection or makes one (ip_vs_in).
   *
   * @param packet a packet of TCP, UDP or SCTP; others pass
   * @param fromThisHost whether no other host sent it
   * @return what becomes of the packet; if it is forwarded, {@link #connection} tells where
   */
  public Disposition fromClient(Packet packet, boolean fromThisHost) {
    return balancer.fromClient(packet, fromThisHost);
  }

  /** Returns the connection of the packet that was last forwarded. */
  public IpvsConnection connection() {
    return balancer.connection();
  }

  /**
   * Takes a packet from a real server: finds its connection, if it has one, and counts it
   * (ip_vs_out).
   *
   * @return the connection, {@link IpvsConnection#NONE} if ip_vs has nothing to do with the packet
   */
  @CanIgnoreReturnValue
  public IpvsConnection fromServer(Packet packet) {
    return balancer.fromServer(packet);
  }
}
