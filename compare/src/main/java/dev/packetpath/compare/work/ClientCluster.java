package dev.packetpath.compare.work;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import java.util.Collections;
import java.util.List;

/**
 * The cluster of the published experiment: the client on a node without a server, and all endpoints
 * elsewhere. The client's node runs 30 Pods, the client is the first.
 */
public final class ClientCluster {
  /** The name of the client's node. */
  public static final String NODE = "client";

  /** The client's address. */
  public static final IpAddress CLIENT = IpAddress.parse("10.128.0.2");

  /** The port of every Service. */
  public static final int PORT = 80;

  private static final String NAMESPACE = "default";
  private static final String SERVERS = "servers";
  private static final int PODS = 30;
  private static final int TARGET_PORT = 8080;
  private static final int MAX_ENDPOINTS = (1 << 22) - 2;
  private static final int FIRST_SERVICE = IpAddress.parse("10.96.0.0").ipv4Bits() + 1;
  private static final int FIRST_ENDPOINT = IpAddress.parse("10.192.0.0").ipv4Bits() + 1;
  private static final IpPrefix PODS_OF_ALL = IpPrefix.parse("10.128.0.0/9");

  private ClientCluster() {}

  /**
   * Returns a cluster of Services with as many endpoints each.
   *
   * @param services how many, at least 1
   * @param endpoints endpoints of each, at least 1
   */
  public static Cluster of(int services, int endpoints) {
    return of(Collections.nCopies(services, endpoints));
  }

  /**
   * Returns a cluster of Services.
   *
   * @param endpoints how many endpoints each of them has
   */
  static Cluster of(List<Integer> endpoints) {
    long all = endpoints.stream().mapToLong(Integer::longValue).sum();
    checkArgument(
        all <= MAX_ENDPOINTS, "endpoints: %s in all, expected at most %s", all, MAX_ENDPOINTS);
    ImmutableList.Builder<Service> services = ImmutableList.builder();
    int before = 0;
    for (int i = 0; i < endpoints.size(); i++) {
      services.add(service(i, before, endpoints.get(i)));
      before += endpoints.get(i);
    }
    return new Cluster(
        ImmutableList.of(
            node(NODE, "192.168.0.2", "10.128.0.0/24"),
            node(SERVERS, "192.168.0.3", "10.192.0.0/10")),
        pods(),
        services.build(),
        ImmutableList.of(PODS_OF_ALL),
        ImmutableList.of(IpPrefix.parse("10.96.0.0/12")));
  }

  private static ClusterNode node(String name, String address, String podCidr) {
    return new ClusterNode(
        name,
        "",
        ImmutableList.of(IpAddress.parse(address)),
        ImmutableList.of(IpPrefix.parse(podCidr)));
  }

  private static ImmutableList<Pod> pods() {
    ImmutableList.Builder<Pod> pods = ImmutableList.builder();
    for (int i = 0; i < PODS; i++) {
      pods.add(
          new Pod(
              NAMESPACE,
              "pod-" + i,
              NODE,
              false,
              ImmutableList.of(IpAddress.ipv4(CLIENT.ipv4Bits() + i)),
              ImmutableMap.of("app", "client"),
              ImmutableList.of()));
    }
    return pods.build();
  }

  private static Service service(int index, int endpointsBefore, int endpoints) {
    ImmutableList.Builder<Endpoint> all = ImmutableList.builder();
    for (int i = 0; i < endpoints; i++) {
      all.add(
          Endpoint.ready(
              IpAddress.ipv4(FIRST_ENDPOINT + endpointsBefore + i), TARGET_PORT, SERVERS));
    }
    return Service.builder(NAMESPACE, "svc-" + index)
        .clusterIps(ImmutableList.of(clusterIp(index)))
        .ports(ImmutableList.of(new ServicePort("http", ServiceProtocol.TCP, PORT, 0, all.build())))
        .build();
  }

  /** Returns the cluster address of a Service, counted from 0. */
  static IpAddress clusterIp(int index) {
    return IpAddress.ipv4(FIRST_SERVICE + index);
  }
}
