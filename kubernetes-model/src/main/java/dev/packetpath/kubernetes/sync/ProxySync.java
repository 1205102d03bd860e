package dev.packetpath.kubernetes.sync;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.network.NodeNetwork;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import java.time.Duration;
import java.util.function.Function;

/**
 * What the kube-proxy of a node sends to the kernel. Counting takes time and space linear in the
 * Services, writing the texts too.
 */
public final class ProxySync {
  /** The first release in iptables mode that repeats nothing while its chains are there. */
  private static final int WATCHES_CHAINS = 17;

  private static final Duration SYNC_PERIOD = Duration.ofSeconds(30);
  private static final Duration LONG_PERIOD = Duration.ofHours(1);

  private final ProxyConfig config;
  private final ImmutableList<ProxyNode> nodes;

  private ProxySync(ProxyConfig config, ImmutableList<ProxyNode> nodes) {
    this.config = config;
    this.nodes = nodes;
  }

  /**
   * Returns the kube-proxy of a node.
   *
   * @throws IllegalArgumentException if the cluster has no such node
   */
  public static ProxySync of(Cluster cluster, String nodeName, ProxyConfig config) {
    ClusterNode node = cluster.node(nodeName);
    return new ProxySync(config, NodeNetwork.bridged(cluster, node).proxies(config));
  }

  /**
   * Returns after how long kube-proxy repeats its sync though nothing changed: syncPeriod, 30
   * seconds, in IPVS and userspace mode and in iptables mode up to 1.16; an hour otherwise.
   *
   * @see #periodic
   */
  public static Duration period(ProxyConfig config) {
    return switch (config.mode()) {
      case IPVS, USERSPACE -> SYNC_PERIOD;
      case IPTABLES -> config.version().atLeast(WATCHES_CHAINS) ? LONG_PERIOD : SYNC_PERIOD;
      case NFTABLES -> LONG_PERIOD;
    };
  }

  /** Returns the sync of a kube-proxy that starts on a node where nothing is programmed. */
  public Sync first() {
    return sync(FamilySync::first);
  }

  /** Returns the sync that comes when nothing changed for {@link #period}. */
  public Sync periodic() {
    return sync(FamilySync::periodic);
  }

  private Sync sync(Function<FamilySync<?>, Sync> which) {
    Sync.Builder all = new Sync.Builder();
    for (ProxyNode node : nodes) {
      all.addAll(
          which.apply(
              switch (config.mode()) {
                case IPTABLES -> new IptablesSync(node);
                case IPVS -> new IpvsSync(node);
                case NFTABLES -> new NftablesSync(node);
                case USERSPACE -> new UserspaceSync(node);
              }));
    }
    return all.build();
  }

  /**
   * Returns the sync that follows a change of Services or endpoints.
   *
   * @param before the same kube-proxy before the change
   */
  public Sync after(ProxySync before) {
    Sync.Builder all = new Sync.Builder();
    for (ProxyNode node : nodes) {
      ProxyNode old =
          before.nodes.stream()
              .filter(candidate -> candidate.family() == node.family())
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no " + node.family() + " before"));
      all.addAll(
          switch (config.mode()) {
            case IPTABLES -> new IptablesSync(node).from(new IptablesSync(old));
            case IPVS -> new IpvsSync(node).from(new IpvsSync(old));
            case NFTABLES -> new NftablesSync(node).from(new NftablesSync(old));
            case USERSPACE -> new UserspaceSync(node).from(new UserspaceSync(old));
          });
    }
    return all.build();
  }
}
