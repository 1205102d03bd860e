package dev.packetpath.ipvs;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.ipvs.scheduler.Scheduler;

/**
 * A virtual service with its real servers, as the kernel keeps it ({@code struct ip_vs_service}).
 * Users read it; {@link Ipvs} changes it.
 */
public final class VirtualService {
  /** What a look-up answers that finds nothing. */
  static final VirtualService NONE =
      new VirtualService(
          ServiceSpec.builder(new ServiceKey.Virtual(6, IpAddress.ANY_V4, 0)).build());

  private static final Scheduler NO_SCHEDULER = packet -> RealServer.NONE;

  private final RealServer head = RealServer.head();
  private final Traffic traffic = new Traffic();
  private ServiceSpec spec;
  private Scheduler scheduler = NO_SCHEDULER;
  private int size;

  /** The flags once more, a bit each: asked for each new connection, here no further cache line. */
  private int flags;

  VirtualService(ServiceSpec spec) {
    this.spec = spec;
    this.flags = bits(spec);
  }

  private static int bits(ServiceSpec spec) {
    int bits = 0;
    for (SchedulerFlag flag : spec.flags()) {
      bits |= 1 << flag.ordinal();
    }
    return bits;
  }

  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  boolean exists() {
    return this != NONE;
  }

  /** Returns the service as it is set. */
  public ServiceSpec spec() {
    return spec;
  }

  /** Returns what makes the service unique. */
  public ServiceKey key() {
    return spec.key();
  }

  /** Returns the servers in the kernel's order: the one added last first. */
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public ImmutableList<RealServer> servers() {
    ImmutableList.Builder<RealServer> servers = ImmutableList.builder();
    for (RealServer server = head.next(); server != head; server = server.next()) {
      servers.add(server);
    }
    return servers.build();
  }

  /** Returns the number of servers. */
  public int size() {
    return size;
  }

  /** Returns the packets and bytes of the service. */
  public Traffic traffic() {
    return traffic;
  }

  /** Returns the server at an address and port, {@link RealServer#NONE} if there is none. */
  @SuppressWarnings("ReferenceEquality") // the head of a ring is found by identity
  public RealServer find(IpAddress address, int port) {
    for (RealServer server = head.next(); server != head; server = server.next()) {
      if (server.port() == port && server.address().equals(address)) {
        return server;
      }
    }
    return RealServer.NONE;
  }

  RealServer head() {
    return head;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  void spec(ServiceSpec spec) {
    this.spec = spec;
    this.flags = bits(spec);
  }

  boolean has(SchedulerFlag flag) {
    return (flags >>> flag.ordinal() & 1) != 0;
  }

  void scheduler(Scheduler scheduler) {
    this.scheduler.stop();
    this.scheduler = scheduler;
  }

  /** Lets the scheduler go of all servers, which get no connection from now on. */
  void stop() {
    scheduler(NO_SCHEDULER);
  }

  void add(RealServer server) {
    server.insertAfter(head);
    size++;
    scheduler.added(server);
  }

  void remove(RealServer server) {
    server.unlink();
    size--;
    scheduler.removed(server);
  }

  /** Returns the virtual port; 0 of a marked service. */
  int port() {
    return spec.key() instanceof ServiceKey.Virtual virtual ? virtual.port() : 0;
  }

  boolean isMarked() {
    return spec.key() instanceof ServiceKey.Marked;
  }

  @Override
  public String toString() {
    return spec.toString();
  }
}
