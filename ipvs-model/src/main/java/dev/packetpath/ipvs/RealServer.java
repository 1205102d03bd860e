package dev.packetpath.ipvs;

import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.IpvsInfo.Method;

/**
 * A real server of a service with its connection counters, as the kernel keeps it ({@code struct
 * ip_vs_dest}). Users and schedulers read it; {@link Ipvs} changes it.
 *
 * <p>The servers of a service form a ring through a head that is none of them, the one added last
 * first.
 */
public final class RealServer {
  /** What a scheduler answers that finds no server. */
  public static final RealServer NONE = new RealServer(IpAddress.ANY_V4, 0);

  private final IpAddress address;
  private final int port;
  private final Traffic traffic = new Traffic();
  private Traffic serviceTraffic = traffic;
  private RealServer next;
  private RealServer previous;
  private int weight;
  private int lastWeight;
  private Method method = Method.MASQUERADE;
  private Tunnel tunnel = Tunnel.IPIP;
  private int upperThreshold;
  private int lowerThreshold;
  private int active;
  private int inactive;
  private int persistent;
  private int references;
  private Route route = Route.NONE;
  private boolean routeKnowsPath;
  private boolean overloaded;
  private boolean available;
  private boolean onePacket;
  private long idleSinceNs = -1;

  private RealServer(IpAddress address, int port) {
    this.address = address;
    this.port = port;
    this.next = this;
    this.previous = this;
  }

  static RealServer head() {
    return new RealServer(IpAddress.ANY_V4, 0);
  }

  static RealServer at(IpAddress address, int port) {
    return new RealServer(address, port);
  }

  /** Returns whether this is a server, and not {@link #NONE}. */
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  public boolean exists() {
    return this != NONE;
  }

  /** Returns the address. */
  public IpAddress address() {
    return address;
  }

  /** Returns the port, 0 if packets keep theirs. */
  public int port() {
    return port;
  }

  /** Returns the next server of the ring; the head of the ring after the last. */
  public RealServer next() {
    return next;
  }

  /** Returns the server before this one; of a removed server the one before it at that time. */
  public RealServer previous() {
    return previous;
  }

  /** Returns the weight, 0 to {@link ServerSpec#MAX_WEIGHT}. */
  public int weight() {
    return weight;
  }

  /** Returns the weight that was last set and not 0; 0 if none was since the server was added. */
  public int lastWeight() {
    return lastWeight;
  }

  /** Returns how packets get to the server. */
  public Method method() {
    return method;
  }

  /** Returns the tunnel that packets take if the method is {@link Method#TUNNEL}. */
  public Tunnel tunnel() {
    return tunnel;
  }

  /** Returns the number of connections at which the server takes no more, 0 for no limit. */
  public int upperThreshold() {
    return upperThreshold;
  }

  /** Returns the lower threshold as it was set, 0 for none. */
  public int lowerThreshold() {
    return lowerThreshold;
  }

  /** Returns the number of active connections, such as established ones of TCP. */
  public int activeConnections() {
    return active;
  }

  /** Returns the number of other connections. */
  public int inactiveConnections() {
    return inactive;
  }

  /** Returns the number of connections, active and not. */
  public int totalConnections() {
    return active + inactive;
  }

  /** Returns the number of persistence templates. */
  public int persistentConnections() {
    return persistent;
  }

  /** Returns whether the server has as many connections as it may. */
  public boolean isOverloaded() {
    return overloaded;
  }

  /** Returns whether the server belongs to a service and was not removed. */
  public boolean isAvailable() {
    return available;
  }

  /** Returns whether schedulers may give it a connection: not overloaded, and of some weight. */
  public boolean isEligible() {
    return !overloaded && weight > 0;
  }

  /** Returns the packets and bytes to and from the server. */
  public Traffic traffic() {
    return traffic;
  }

  /** Takes a reference that keeps a removed server from being forgotten. */
  public void hold() {
    references++;
  }

  /** Gives a reference back. */
  public void release() {
    references--;
  }

  /** Returns the packets and bytes of the server's service. */
  Traffic serviceTraffic() {
    return serviceTraffic;
  }

  /**
   * Gives the server to a service, or tells it how that is set now; one of another service before
   * starts its counts anew.
   */
  @SuppressWarnings("ReferenceEquality") // the same counts, not equal ones
  void belongsTo(VirtualService service) {
    if (serviceTraffic != service.traffic()) {
      traffic.clear();
      serviceTraffic = service.traffic();
    }
    onePacket = service.spec().onePacket();
  }

  /** Returns whether the server's service schedules each datagram anew. */
  boolean servesOnePacket() {
    return onePacket;
  }

  void insertAfter(RealServer head) {
    next = head.next;
    previous = head;
    next.previous = this;
    head.next = this;
  }

  void unlink() {
    next.previous = previous;
    previous.next = next;
  }

  /** Sets the server as it is added to a service; one from the trash keeps its connections. */
  void add(ServerSpec spec, KernelFlavour flavour) {
    lastWeight = 0;
    configure(spec, flavour);
  }

  void configure(ServerSpec spec, KernelFlavour flavour) {
    weight = spec.weight();
    if (weight != 0) {
      lastWeight = weight;
    }
    method = spec.method();
    tunnel = spec.tunnel();
    int oldUpper = upperThreshold;
    int oldLower = lowerThreshold;
    upperThreshold = spec.upperThreshold();
    lowerThreshold = spec.lowerThreshold();
    available = true;
    route = Route.NONE;
    flavour.configured(this, oldUpper, oldLower);
  }

  void remove() {
    available = false;
    idleSinceNs = -1;
  }

  /** Returns the way to the server, {@link Route#NONE} while it is not known. */
  Route route() {
    return route;
  }

  void route(Route route) {
    this.route = route;
    this.routeKnowsPath = false;
  }

  /** Returns whether the route was found after a router told of a shorter length on its path. */
  boolean routeKnowsPath() {
    return routeKnowsPath;
  }

  void routeKnowsPath(boolean known) {
    this.routeKnowsPath = known;
  }

  void overloaded(boolean overloaded) {
    this.overloaded = overloaded;
  }

  void countConnection(boolean isActive, int change) {
    if (isActive) {
      active += change;
    } else {
      inactive += change;
    }
  }

  void countTemplate(int change) {
    persistent += change;
  }

  void moveToActive() {
    active++;
    inactive--;
  }

  void moveToInactive() {
    active--;
    inactive++;
  }

  boolean isReferenced() {
    return references > 0;
  }

  /** Returns since when nothing refers to the removed server, -1 while something does. */
  long idleSinceNs() {
    return idleSinceNs;
  }

  void idleSinceNs(long nowNs) {
    idleSinceNs = nowNs;
  }

  @Override
  public String toString() {
    return address + ":" + port;
  }
}
