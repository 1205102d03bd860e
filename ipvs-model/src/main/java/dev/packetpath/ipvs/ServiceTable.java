package dev.packetpath.ipvs;

import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The virtual services by address and by mark: two hash tables of 256 buckets in the kernel, the
 * newest service of a bucket first. A look-up here is one step, whatever the number of services; it
 * counts the services that the kernel compares.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_ctl.c, ip_vs_service_find, Linux 6.1, with the network
 * namespace at address 0.
 */
final class ServiceTable {
  private static final int TABLE_BITS = 8;
  private static final int TABLE_SIZE = 1 << TABLE_BITS;
  private static final int TABLE_MASK = TABLE_SIZE - 1;
  private static final int FTP_DATA_PORT = 20;
  private static final int FIRST_UNPRIVILEGED_PORT = 1024;

  /** A service and how many are behind it on its chain, itself included. */
  private static final class Place {
    final VirtualService service;
    int fromEnd;

    Place(VirtualService service) {
      this.service = service;
    }
  }

  private final Map<ServiceKey, Place> places = new LinkedHashMap<>();
  private final AddressIndex<Place> byAddress = new AddressIndex<>();
  private final List<List<Place>> addressChains = chains();
  private final List<List<Place>> markChains = chains();
  private final Work work;
  private int anyPortServices;
  private int ftpServices;
  private final int[] ofFamily = new int[IpFamily.values().length];

  ServiceTable(Work work) {
    this.work = work;
  }

  private static List<List<Place>> chains() {
    List<List<Place>> chains = new ArrayList<>(TABLE_SIZE);
    for (int i = 0; i < TABLE_SIZE; i++) {
      chains.add(new ArrayList<>(0));
    }
    return chains;
  }

  /** Returns the bucket of a service by its address. */
  static int bucketOf(int protocol, long high, long low, int port) {
    long halves = high ^ low;
    int folded = (int) (halves ^ halves >>> 32);
    return (protocol ^ folded ^ port >> TABLE_BITS ^ port) & TABLE_MASK;
  }

  private List<Place> chainOf(ServiceKey key) {
    if (key instanceof ServiceKey.Virtual virtual) {
      int bucket =
          bucketOf(
              virtual.protocol(),
              virtual.address().high(),
              virtual.address().low(),
              virtual.port());
      return addressChains.get(bucket);
    }
    return markChains.get(((ServiceKey.Marked) key).mark() & TABLE_MASK);
  }

  void add(VirtualService service) {
    Place place = new Place(service);
    places.put(service.key(), place);
    List<Place> chain = chainOf(service.key());
    chain.add(place);
    place.fromEnd = chain.size();
    if (service.key() instanceof ServiceKey.Virtual virtual) {
      byAddress.put(virtual, place);
    }
    count(service, 1);
  }

  void remove(VirtualService service) {
    Place place = places.remove(service.key());
    if (place == null) {
      return;
    }
    List<Place> chain = chainOf(service.key());
    chain.remove(place);
    for (int i = place.fromEnd - 1; i < chain.size(); i++) {
      chain.get(i).fromEnd--;
    }
    if (service.key() instanceof ServiceKey.Virtual virtual) {
      byAddress.remove(virtual);
    }
    count(service, -1);
  }

  private void count(VirtualService service, int change) {
    ofFamily[service.key().family().ordinal()] += change;
    if (!service.isMarked() && service.port() == 0) {
      anyPortServices += change;
    } else if (service.port() == NewConnections.FTP_PORT) {
      ftpServices += change;
    }
  }

  VirtualService get(ServiceKey key) {
    Place place = places.get(key);
    return place == null ? VirtualService.NONE : place.service;
  }

  boolean isEmpty(IpFamily family) {
    return ofFamily[family.ordinal()] == 0;
  }

  /** Returns the services, the one added first first. */
  Collection<VirtualService> all() {
    return places.values().stream().map(place -> place.service).toList();
  }

  /** Returns the service for a packet, {@link VirtualService#NONE} if there is none. */
  VirtualService find(Packet packet) {
    VirtualService service = VirtualService.NONE;
    if (packet.mark() != 0) {
      service = findMarked(packet.family(), packet.mark());
    }
    int port = packet.destinationPort();
    if (!service.exists()) {
      service = findAt(packet, port);
    }
    if (!service.exists()
        && packet.protocol() == IpProtocol.TCP
        && ftpServices > 0
        && (port == FTP_DATA_PORT || port >= FIRST_UNPRIVILEGED_PORT)) {
      service = findAt(packet, NewConnections.FTP_PORT);
    }
    if (!service.exists() && anyPortServices > 0) {
      service = findAt(packet, 0);
    }
    return service;
  }

  private VirtualService findMarked(IpFamily family, int mark) {
    List<Place> chain = markChains.get(mark & TABLE_MASK);
    work.add(IpvsOperations.SERVICE_LOOKUP);
    Place found = null;
    for (Place place : chain) {
      ServiceKey.Marked key = (ServiceKey.Marked) place.service.key();
      if (key.mark() == mark && key.family() == family) {
        found = place;
      }
    }
    return compared(chain, found);
  }

  private VirtualService findAt(Packet packet, int port) {
    long high = packet.destinationHigh();
    long low = packet.destinationLow();
    List<Place> chain = addressChains.get(bucketOf(packet.protocol(), high, low, port));
    work.add(IpvsOperations.SERVICE_LOOKUP);
    return compared(chain, byAddress.get(packet.family(), packet.protocol(), high, low, port));
  }

  private VirtualService compared(
      List<Place> chain, @org.jspecify.annotations.Nullable Place found) {
    if (found == null) {
      work.add(IpvsOperations.SERVICE_COMPARED, chain.size());
      return VirtualService.NONE;
    }
    work.add(IpvsOperations.SERVICE_COMPARED, chain.size() - found.fromEnd + 1L);
    return found.service;
  }
}
