package dev.packetpath.compare.work;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.node.NodeSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** All connections to the Services of one program that was run. */
final class Sample {
  private final ImmutableList<ImmutableList<ConnectionProbe.Way>> ways;
  private final int services;
  private final long ruleBytes;

  private Sample(
      ImmutableList<ImmutableList<ConnectionProbe.Way>> ways, int services, long ruleBytes) {
    this.ways = ways;
    this.services = services;
    this.ruleBytes = ruleBytes;
  }

  /** Runs a program of Services with as many endpoints each. */
  static Sample of(PathKind kind, int services, int endpoints) {
    List<Integer> sizes = new ArrayList<>(Collections.nCopies(services, endpoints));
    if (kind.large()) {
      // Behind all others, so that it makes the cluster large and is in nobody's way.
      sizes.add(PathKind.LARGE_ENDPOINTS + 1);
    }
    Cluster cluster = ClientCluster.of(sizes);
    NodeProgram program =
        kind.calico()
            ? NodeProgram.withCalico(
                cluster, ClientCluster.NODE, kind.config(), CalicoPolicy.usual())
            : NodeProgram.of(cluster, ClientCluster.NODE, kind.config());
    NodeSnapshot snapshot = program.snapshot();
    ConnectionProbe probe = new ConnectionProbe(snapshot, ClientCluster.CLIENT);
    IpAddress node = cluster.nodes().get(0).addresses().get(0);
    ImmutableList.Builder<ImmutableList<ConnectionProbe.Way>> all = ImmutableList.builder();
    for (Service service : cluster.services().subList(0, services)) {
      Endpoint server = service.ports().get(0).endpoints().get(0);
      Packet onward = new Packet().addresses(node, server.address()).ports(0, server.port());
      ImmutableList.Builder<ConnectionProbe.Way> ways = ImmutableList.builder();
      probe.connect(
          service.clusterIps().get(0), ClientCluster.PORT, Optional.of(onward), ways::add);
      all.add(ways.build());
    }
    ImmutableList<ImmutableList<ConnectionProbe.Way>> found = all.build();
    checkArgument(
        found.stream().flatMap(List::stream).allMatch(ConnectionProbe.Way::passes),
        "connections to Services do not pass in %s mode%s",
        kind.mode(),
        kind.calico() ? " with Calico, which drops what Pods send to their node" : "");
    return new Sample(found, sizes.size(), ServiceChains.bytes(snapshot, IpFamily.IPV4));
  }

  /** Returns the work to open a connection to a Service, in the mean over its endpoints. */
  ImmutableSortedMap<String, Double> mean(int service) {
    WorkSum sum = new WorkSum();
    ways.get(service).forEach(way -> sum.add(way.opening(), way.probability()));
    return sum.result();
  }

  /** Returns the work to open the connection to a Service that meets the most rules. */
  ImmutableSortedMap<String, Double> worst(int service) {
    ConnectionProbe.Way worst = ways.get(service).get(0);
    for (ConnectionProbe.Way way : ways.get(service)) {
      worst = way.rules() > worst.rules() ? way : worst;
    }
    return worst.opening();
  }

  /** Returns how many rules of the chain of all Services a connection to one meets. */
  long serviceChain(int service) {
    return ways.get(service).get(0).serviceChain();
  }

  /** Returns how many Services there are, that which makes the cluster large included. */
  int services() {
    return services;
  }

  /** Returns the memory of the rules that all Services share. */
  long ruleBytes() {
    return ruleBytes;
  }

  /** Returns one of the ways. */
  ConnectionProbe.Way way() {
    return ways.get(0).get(0);
  }
}
