package dev.packetpath.cli.calibrate;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Connections from a Pod to Services that are all as likely, through the rules of kube-proxy's
 * iptables mode.
 *
 * @param connections what is measured
 * @param services how many Services there are
 * @param places the place of each destination's Service among them, from 0
 * @param rules how many rules the first packet of a connection meets
 */
record ServiceConnections(
    ConnectionCase connections, int services, ImmutableList<Integer> places, RulesTraversed rules) {
  /** Endpoints of each Service. */
  static final int ENDPOINTS = 10;

  private static final int DESTINATIONS = 200;
  private static final long SEED = 1;

  /** Returns those to so many Services by the rules of a release of kube-proxy. */
  static ServiceConnections of(KubeVersion version, int services) throws IOException {
    NodeProgram program = program(version, services);
    ImmutableList<Integer> places = places(services);
    return new ServiceConnections(
        new ConnectionCase(
            services + " Services of kube-proxy " + version,
            program.text("iptables-save.txt").read(),
            places.stream()
                .map(place -> new ConnectionCase.Destination(address(place), SyntheticCluster.PORT))
                .collect(ImmutableList.toImmutableList())),
        services,
        places,
        program.rulesTraversed());
  }

  static NodeProgram program(KubeVersion version, int services) {
    Cluster cluster =
        SyntheticCluster.of(
            SyntheticCluster.Size.of(services, ENDPOINTS),
            List.of(IpPrefix.parse(ConnectionCase.PODS)),
            SEED);
    return NodeProgram.of(
        cluster, cluster.nodes().get(0).name(), ProxyConfig.builder().version(version).build());
  }

  /** Returns places spread evenly, in a random order: the middles of as many equal parts. */
  private static ImmutableList<Integer> places(int services) {
    List<Integer> places =
        Lists.newArrayList(
            IntStream.range(0, DESTINATIONS)
                .map(part -> (int) ((part + 0.5) * services / DESTINATIONS))
                .iterator());
    Collections.shuffle(places, new Random(SEED));
    return ImmutableList.copyOf(places);
  }

  /** Returns the address of a Service of a made-up cluster. */
  static String address(int place) {
    int host = place + 1;
    return "10." + (96 + (host >> 16)) + "." + (host >> 8 & 0xff) + "." + (host & 0xff);
  }

  /** Returns how many rules the first packet meets to a Service, in the mean over its endpoints. */
  double rulesTo(int place) {
    double first = rules.mean() - rulesBetweenServices() * (services - 1) / 2;
    return first + rulesBetweenServices() * place;
  }

  /** Returns how many rules there are in the list of Services for each of them. */
  private double rulesBetweenServices() {
    // From the least to the most: all the Services, and all endpoints of one.
    return services == 1
        ? 0
        : (double) (rules.most() - rules.least() - (ENDPOINTS - 1)) / (services - 1);
  }
}
