package dev.packetpath.kubernetes;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Makes clusters of any size: Services of one TCP port 80 with as many endpoints each, every
 * endpoint a Pod of its own with port 8080, the Pods spread at random over nodes that are all full.
 * There are two nodes at least, so some Pods may be behind no Service.
 *
 * <p>One size and seed give one cluster. Making it takes time and space linear in its Pods.
 */
public final class SyntheticCluster {
  /** The port of every Service. */
  public static final int PORT = 80;

  /** The port of every endpoint. */
  public static final int TARGET_PORT = 8080;

  private static final String NAMESPACE = "default";
  private static final int FEWEST_NODES = 2;

  private final Size size;
  private final SyntheticAddresses addresses;
  private final ImmutableList<IpFamily> families;
  private final int nodes;
  private final ImmutableList<String> nodeNames;
  private final int[] slots;

  /**
   * How large a cluster is.
   *
   * @param services how many Services, at most 1,000,000
   * @param endpoints how many endpoints each of them has
   * @param podsPerNode how many Pods a node runs, 1 to 250
   */
  public record Size(int services, int endpoints, int podsPerNode) {
    /** How many Pods a node runs unless something else is said. */
    public static final int USUAL_PODS_PER_NODE = 30;

    private static final int MAX_SERVICES = 1_000_000;
    private static final int MAX_PODS = 1 << 23;

    /** Checks the numbers. */
    public Size {
      check(services, endpoints);
      checkArgument(
          podsPerNode > 0 && podsPerNode <= 250,
          "pods per node: %s, expected 1 to 250",
          podsPerNode);
    }

    /**
     * Checks that a cluster can be so large.
     *
     * @throws IllegalArgumentException if it cannot
     */
    public static void check(int services, int endpoints) {
      checkArgument(
          services >= 0 && services <= MAX_SERVICES,
          "services: %s, expected 0 to %s",
          services,
          MAX_SERVICES);
      checkArgument(
          endpoints >= 0 && (long) services * endpoints <= MAX_PODS,
          "endpoints: %s for each of %s services, expected at most %s in all",
          endpoints,
          services,
          MAX_PODS);
    }

    /** Returns a size with the usual number of Pods a node. */
    public static Size of(int services, int endpoints) {
      return new Size(services, endpoints, USUAL_PODS_PER_NODE);
    }

    int nodes() {
      int pods = services * endpoints;
      return Math.max(FEWEST_NODES, (pods + podsPerNode - 1) / podsPerNode);
    }
  }

  private SyntheticCluster(Size size, SyntheticAddresses addresses, long seed) {
    this.size = size;
    this.addresses = addresses;
    this.families = addresses.families().asList();
    this.nodes = size.nodes();
    List<String> names = new ArrayList<>();
    for (int node = 1; node <= nodes; node++) {
      names.add("node-" + node);
    }
    this.nodeNames = ImmutableList.copyOf(names);
    this.slots = shuffled(nodes * size.podsPerNode(), seed);
  }

  /**
   * Returns a cluster.
   *
   * @param podCidrs where the addresses of Pods lie, one of each family that the cluster has; empty
   *     for IPv4 alone in 10.244.0.0/16, or in 10.128.0.0/9 if they are too many for it
   * @param seed decides which Pods are on which node
   * @throws IllegalArgumentException if {@code podCidrs} do not hold the Pods
   */
  public static Cluster of(Size size, List<IpPrefix> podCidrs, long seed) {
    SyntheticAddresses addresses =
        podCidrs.isEmpty()
            ? SyntheticAddresses.usual(size.nodes(), size.podsPerNode())
            : SyntheticAddresses.in(podCidrs, size.nodes(), size.podsPerNode());
    return new SyntheticCluster(size, addresses, seed).cluster();
  }

  private static int[] shuffled(int count, long seed) {
    int[] slots = new int[count];
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      int other = random.nextInt(i + 1);
      slots[i] = slots[other];
      slots[other] = i;
    }
    return slots;
  }

  private Cluster cluster() {
    ImmutableList.Builder<ClusterNode> clusterNodes = ImmutableList.builder();
    for (int node = 0; node < nodes; node++) {
      int number = node;
      clusterNodes.add(
          new ClusterNode(
              nodeNames.get(node),
              "",
              forFamilies(family -> addresses.node(family, number)),
              forFamilies(family -> addresses.podCidr(family, number))));
    }
    return new Cluster(
        clusterNodes.build(), pods(), services(), addresses.podCidrs(), addresses.serviceCidrs());
  }

  private <T> ImmutableList<T> forFamilies(Function<IpFamily, T> make) {
    ImmutableList.Builder<T> made = ImmutableList.builderWithExpectedSize(families.size());
    for (IpFamily family : families) {
      made.add(make.apply(family));
    }
    return made.build();
  }

  private ImmutableList<Pod> pods() {
    ImmutableList.Builder<Pod> pods = ImmutableList.builderWithExpectedSize(slots.length);
    ImmutableList<Pod.NamedPort> ports =
        ImmutableList.of(new Pod.NamedPort("http", ServiceProtocol.TCP, TARGET_PORT));
    ImmutableMap<String, String> idle = ImmutableMap.of("app", "idle");
    ImmutableMap<String, String> labels = idle;
    for (int pod = 0; pod < slots.length; pod++) {
      int service = size.endpoints() == 0 ? size.services() : pod / size.endpoints();
      if (service >= size.services()) {
        labels = idle;
      } else if (pod % size.endpoints() == 0) {
        labels = ImmutableMap.of("app", serviceName(service));
      }
      int slot = slots[pod];
      pods.add(
          new Pod(
              NAMESPACE,
              "pod-" + pod,
              nodeNames.get(slot % nodes),
              false,
              forFamilies(family -> podAddress(family, slot)),
              labels,
              ports));
    }
    return pods.build();
  }

  private ImmutableList<Service> services() {
    ImmutableList.Builder<Service> services =
        ImmutableList.builderWithExpectedSize(size.services());
    for (int service = 0; service < size.services(); service++) {
      int number = service;
      ServicePort port = new ServicePort("http", ServiceProtocol.TCP, PORT, 0, endpoints(service));
      services.add(
          Service.builder(NAMESPACE, serviceName(service))
              .clusterIps(forFamilies(family -> addresses.service(family, number)))
              .ports(ImmutableList.of(port))
              .build());
    }
    return services.build();
  }

  private ImmutableList<Endpoint> endpoints(int service) {
    ImmutableList.Builder<Endpoint> endpoints = ImmutableList.builder();
    for (int endpoint = 0; endpoint < size.endpoints(); endpoint++) {
      int slot = slots[service * size.endpoints() + endpoint];
      for (IpFamily family : families) {
        endpoints.add(
            Endpoint.ready(podAddress(family, slot), TARGET_PORT, nodeNames.get(slot % nodes)));
      }
    }
    return endpoints.build();
  }

  private static String serviceName(int service) {
    return "svc-" + service;
  }

  private IpAddress podAddress(IpFamily family, int slot) {
    return addresses.pod(family, slot % nodes, slot / nodes);
  }
}
