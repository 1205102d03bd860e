package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.SetMultimap;
import dev.packetpath.compare.Configuration;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.ipvs.ServiceEntry;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.NodeSnapshot;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The work of a node as it is: connections from one of its Pods, or itself, to the TCP addresses of
 * the Services that kube-proxy programmed there. In kube-proxy's own mode packets meet the node's
 * rules as they are, whoever made them; for the other modes the Services are read back from where
 * connections go, and programmed on a node that has nothing else. Thread-safe.
 */
public final class NodeWorkload implements Workload {
  private static final String NODE = "node";
  private static final int POD_BITS = 24;
  private static final int CLUSTER_BITS = 8;
  private static final int SERVICE_BITS = 12;
  private static final int SERVICE_BITS_6 = 112;
  private static final int NEIGHBOUR = 1;

  private final NodeServices services;
  private final PathWork work;
  private final ClusterWorkload others;

  /**
   * Creates the workload of a node. Opens connections to all Services, which takes time linear in
   * their endpoints.
   *
   * @throws IllegalArgumentException if nothing of kube-proxy's is there, or no connection passes
   */
  public NodeWorkload(NodeSnapshot snapshot) {
    IpFamily family =
        snapshot.ruleset(IpFamily.IPV6).isPresent() && snapshot.ruleset(IpFamily.IPV4).isEmpty()
            ? IpFamily.IPV6
            : IpFamily.IPV4;
    this.services = NodeServices.of(snapshot, family);
    IpAddress host = host(snapshot.network(), family);
    IpAddress client = client(snapshot.network(), host);
    ConnectionProbe probe = new ConnectionProbe(snapshot, client);
    PathTally tally = new PathTally();
    SetMultimap<Destination, Destination> servers =
        MultimapBuilder.linkedHashKeys().linkedHashSetValues().build();
    for (Destination service : services.destinations()) {
      probe.connect(
          service.address(),
          service.port(),
          Optional.empty(),
          way -> {
            tally.add(way, 1);
            if (way.passes()) {
              servers.put(service, way.server());
            }
          });
    }
    this.work = tally.result(ServiceChains.bytes(snapshot, family));
    virtualServers(snapshot).forEach(servers::put);
    this.others = new ClusterWorkload(cluster(host, client, servers), NODE);
  }

  /** Returns all servers of virtual services, of which one connection shows but one. */
  private ImmutableSetMultimap<Destination, Destination> virtualServers(NodeSnapshot snapshot) {
    ImmutableSetMultimap.Builder<Destination, Destination> servers = ImmutableSetMultimap.builder();
    for (ServiceEntry entry : snapshot.virtualServices().orElseGet(ImmutableList::of)) {
      if (entry.service().key() instanceof ServiceKey.Virtual virtual) {
        Destination service = new Destination(virtual.address(), virtual.port());
        if (services.destinations().contains(service)) {
          entry
              .servers()
              .forEach(
                  server -> servers.put(service, new Destination(server.address(), server.port())));
        }
      }
    }
    return servers.build();
  }

  /** Returns the address that the node sends from. */
  private static IpAddress host(Network network, IpFamily family) {
    IpAddress far = IpAddress.parse(family == IpFamily.IPV4 ? "203.0.113.1" : "2001:db8::1");
    Route route = network.route(new Packet().addresses(IpAddress.any(family), far), Device.NONE);
    return route.isUsable() ? network.selectSource(route.device(), route.selectingBy(far)) : far;
  }

  /** Returns an address behind a device that is not the one to the other nodes, or the node's. */
  private static IpAddress client(Network network, IpAddress host) {
    for (Device device : network.devices()) {
      IpAddress address = network.primaryAddress(device, host.family());
      boolean isBridge =
          !device.loopback()
              && !device.name().equals("kube-ipvs0")
              && !address.equals(IpAddress.any(host.family()))
              && !address.equals(host);
      if (isBridge) {
        IpAddress neighbour =
            new IpAddress(address.family(), address.high(), address.low() + NEIGHBOUR);
        Route route = network.route(new Packet().addresses(neighbour, neighbour), Device.NONE);
        if (route.device().equals(device)) {
          return neighbour;
        }
      }
    }
    return host;
  }

  private static Cluster cluster(
      IpAddress host, IpAddress client, SetMultimap<Destination, Destination> servers) {
    ImmutableList.Builder<Service> services = ImmutableList.builder();
    IpAddress first = servers.keySet().iterator().next().address();
    int number = 0;
    for (Map.Entry<Destination, Collection<Destination>> service : servers.asMap().entrySet()) {
      services.add(service(number++, service.getKey(), service.getValue()));
    }
    return new Cluster(
        ImmutableList.of(
            new ClusterNode(
                NODE,
                "",
                ImmutableList.of(host),
                ImmutableList.of(IpPrefix.of(client, podBits(client))))),
        ImmutableList.of(),
        services.build(),
        ImmutableList.of(IpPrefix.of(client, CLUSTER_BITS)),
        ImmutableList.of(IpPrefix.of(first, serviceBits(first))));
  }

  private static int serviceBits(IpAddress address) {
    return address.family() == IpFamily.IPV4 ? SERVICE_BITS : SERVICE_BITS_6;
  }

  private static int podBits(IpAddress address) {
    return address.family() == IpFamily.IPV4 ? POD_BITS : Long.SIZE;
  }

  private static Service service(int number, Destination service, Collection<Destination> servers) {
    ImmutableList.Builder<Endpoint> endpoints = ImmutableList.builder();
    servers.forEach(server -> endpoints.add(Endpoint.ready(server.address(), server.port(), "")));
    return Service.builder(NODE, "service-" + number)
        .clusterIps(ImmutableList.of(service.address()))
        .ports(
            ImmutableList.of(
                new ServicePort("", ServiceProtocol.TCP, service.port(), 0, endpoints.build())))
        .build();
  }

  /** Returns the mode that kube-proxy has on the node. */
  public ProxyMode mode() {
    return services.mode();
  }

  /** Returns a release of kube-proxy with the layout of the node's rules. */
  public KubeVersion version() {
    return services.version();
  }

  /**
   * Returns the configuration that stands for this node: its ports as Services, and the mean number
   * of their endpoints. Calico's rules are told of where they are.
   */
  public Configuration configuration(
      ProxyMode mode, KubeVersion version, int keepalive, double requestsPerSecond) {
    boolean asIs = mode == services.mode() && version.equals(services.version());
    return others.configuration(
        mode, version, asIs && services.calico(), keepalive, requestsPerSecond);
  }

  @Override
  public PathWork work(Configuration configuration) {
    boolean asIs =
        configuration.mode() == services.mode()
            && configuration.version().equals(services.version());
    return asIs ? work : others.work(configuration);
  }

  @Override
  public ImmutableSortedMap<String, Double> syncOperations(Configuration configuration) {
    return others.syncOperations(configuration);
  }
}
