package dev.packetpath.compare.claims;

import static dev.packetpath.kubernetes.proxy.ProxyMode.IPTABLES;
import static dev.packetpath.kubernetes.proxy.ProxyMode.IPVS;
import static dev.packetpath.kubernetes.proxy.ProxyMode.NFTABLES;
import static dev.packetpath.kubernetes.proxy.ProxyMode.USERSPACE;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.compare.CalicoRules;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Sweep;
import dev.packetpath.compare.work.ClientCluster;
import dev.packetpath.compare.work.ConnectionCost;
import dev.packetpath.compare.work.PathWork;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.TableName;
import dev.packetpath.ipvs.scheduler.Schedulers;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeFile;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.FollowUp;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketChanges;
import dev.packetpath.node.PacketResult;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The claims about the paths of packets. */
final class PathClaims {
  private static final String SERVICES_CHAIN = "KUBE-SERVICES";

  /** Chi-square of 9 degrees of freedom at 1%. */
  private static final double CHI_SQUARE_1_PERCENT = 21.67;

  private PathClaims() {}

  static ImmutableList<Claim> all() {
    return ImmutableList.of(
        new Claim("C1", "three modes; userspace is obsolete", PathClaims::modes),
        new Claim("C2", "kube-proxy hooks nat PREROUTING, and OUTPUT", run -> hooks()),
        new Claim("C3", "the cost of iptables is linear in Services", PathClaims::linear),
        new Claim("C4", "IPVS looks Services up at a constant cost", PathClaims::constant),
        new Claim("C5", "iptables picks endpoints evenly; IPVS has schedulers", run -> even()),
        new Claim("C6", "IPVS takes INPUT, not FORWARD", run -> otherHooks()),
        new Claim("C11", "kube-proxy costs per connection, not per packet", run -> later()),
        new Claim("C18", "20,000 rules a connection at 10,000 Services", PathClaims::rules),
        new Claim("C22", "Calico's sets cost the same at any size", PathClaims::sets),
        new Claim("C23", "30 Pods a node, three policies a Pod", run -> policies()),
        new Claim("C24", "Calico as kube-proxy with 20 Services", PathClaims::calico),
        new Claim("C27", "chart 3: twice the Services", PathClaims::chart3));
  }

  private static PathWork work(ArticleRun run, ProxyMode mode, int services) {
    return run.laboratory().work(ArticleRun.configuration(mode, services, 1));
  }

  private static Finding modes(ArticleRun run) {
    Configuration userspace = ArticleRun.configuration(USERSPACE, 10, 1);
    double rules = run.laboratory().work(userspace).rules().mean();
    double more = run.laboratory().cpu(userspace).total() - run.cores(IPTABLES, 10, 1);
    boolean all =
        ImmutableSet.copyOf(ProxyMode.values())
            .equals(ImmutableSet.of(IPTABLES, IPVS, NFTABLES, USERSPACE));
    return Finding.of(
        all && rules > 0 && more > 0.1,
        "userspace at 10 Services: %.0f rules and %.2f core more than iptables",
        rules,
        more);
  }

  private static Finding hooks() {
    Node node = Programs.node(IPTABLES, 10);
    node.inject(Programs.fromPod(node, Programs.syn(ClientCluster.CLIENT, 40_000)));
    long prerouting = Programs.evaluated(node, TableName.NAT, "PREROUTING");
    long services = Programs.evaluated(node, TableName.NAT, SERVICES_CHAIN);
    long output = Programs.evaluated(node, TableName.NAT, "OUTPUT");
    node.inject(Injection.local(Programs.syn(Programs.NODE_ADDRESS, 40_001)));
    long outputOfHost = Programs.evaluated(node, TableName.NAT, "OUTPUT");
    return Finding.of(
        prerouting == 1 && services > 0 && output == 0 && outputOfHost == 1,
        "a Pod's SYN meets %d rule of PREROUTING and %d of KUBE-SERVICES, the host's %d of OUTPUT",
        prerouting,
        services,
        outputOfHost);
  }

  private static Finding linear(ArticleRun run) {
    double[] sizes = ArticleRun.SIZES.stream().mapToDouble(size -> size).toArray();
    double[] rules =
        ArticleRun.SIZES.stream()
            .mapToDouble(size -> work(run, IPTABLES, size).rules().mean())
            .toArray();
    double square = Correlation.square(sizes, rules);
    long oneEndpoint = serviceChain(run, 1);
    long tenEndpoints = serviceChain(run, ArticleRun.ENDPOINTS);
    return Finding.of(
        square > 0.999 && oneEndpoint == tenEndpoints,
        "R² %.4f; the chain of 1,000 Services is %,d rules with 1 endpoint each and %,d with 10",
        square,
        oneEndpoint,
        tenEndpoints);
  }

  private static long serviceChain(ArticleRun run, int endpoints) {
    return run.laboratory()
        .work(
            new Configuration(
                IPTABLES, Sweep.TWO_RULES_A_SERVICE, false, 1_000, endpoints, 1, 1_000))
        .rules()
        .serviceChainMax();
  }

  private static Finding constant(ArticleRun run) {
    Map<String, Double> few = work(run, IPVS, 10).opening();
    Map<String, Double> many = work(run, IPVS, 10_000).opening();
    double compared = many.get("ipvsServiceCompared");
    double more = connectionNs(run, 10_000) / connectionNs(run, 10) - 1;
    return Finding.of(
        few.get("ipvsSchedulerStep").equals(many.get("ipvsSchedulerStep"))
            && compared <= 1 + 10_000 / 512.0
            && more <= 0.05,
        "%.0f scheduler step at 10 and 10,000 Services, %.1f services compared at 10,000; a"
            + " connection takes %.1f %% more",
        many.get("ipvsSchedulerStep"),
        compared,
        100 * more);
  }

  private static double connectionNs(ArticleRun run, int services) {
    return ConnectionCost.of(work(run, IPVS, services), run.profile().costs())
        .ofConnection(1)
        .totalNs();
  }

  private static Finding even() {
    Node node = Programs.node(IPTABLES, 1);
    int connections = 2_000;
    Map<IpAddress, Integer> chosen = new LinkedHashMap<>();
    for (int i = 0; i < connections; i++) {
      Packet syn = Programs.syn(ClientCluster.CLIENT, 20_000 + i);
      PacketResult result = node.inject(Programs.fromPod(node, syn));
      chosen.merge(result.emissions().get(0).packet().destination(), 1, Integer::sum);
    }
    double expected = (double) connections / ArticleRun.ENDPOINTS;
    double square =
        chosen.values().stream()
            .mapToDouble(count -> (count - expected) * (count - expected) / expected)
            .sum();
    boolean known =
        List.of("rr", "wrr", "lc", "wlc", "sh", "dh", "sed", "nq").stream()
            .allMatch(Schedulers::isKnown);
    return Finding.of(
        chosen.size() == ArticleRun.ENDPOINTS && square < CHI_SQUARE_1_PERCENT && known,
        "chi-square %.1f over %d endpoints, less than 21.7; rr, wrr, lc, wlc, sh, dh, sed and nq",
        square,
        chosen.size());
  }

  private static Finding otherHooks() {
    long[] ipvs = filterRules(IPVS);
    long[] iptables = filterRules(IPTABLES);
    return Finding.of(
        ipvs[0] > 0 && ipvs[1] == 0 && iptables[0] == 0 && iptables[1] > 0,
        "filter rules of a SYN in INPUT and FORWARD: IPVS %d and %d, iptables %d and %d",
        ipvs[0],
        ipvs[1],
        iptables[0],
        iptables[1]);
  }

  private static long[] filterRules(ProxyMode mode) {
    Node node = Programs.node(mode, 10);
    node.inject(Programs.fromPod(node, Programs.syn(ClientCluster.CLIENT, 40_000)));
    return new long[] {
      Programs.evaluated(node, TableName.FILTER, "INPUT"),
      Programs.evaluated(node, TableName.FILTER, "FORWARD")
    };
  }

  private static Finding later() {
    Node node = Programs.node(IPTABLES, 100);
    Packet syn = Programs.syn(ClientCluster.CLIENT, 40_000);
    PacketResult first = node.inject(Programs.fromPod(node, syn.copy()));
    long opening = Programs.table(node, TableName.NAT).rulesEvaluated();
    Packet reply =
        FollowUp.reply(first.emissions().get(0).packet(), PacketChanges.NONE).orElseThrow();
    node.inject(Injection.on(first.emissions().get(0).at(), reply));
    Packet ack = FollowUp.again(syn, true, PacketChanges.NONE);
    for (int i = 0; i < 10; i++) {
      node.inject(Programs.fromPod(node, ack.copy()));
      node.inject(Injection.on(first.emissions().get(0).at(), reply.copy().tcpFlags(TcpFlags.ACK)));
    }
    long after = Programs.table(node, TableName.NAT).rulesEvaluated() - opening;
    return Finding.of(
        opening > 0 && after == 0,
        "nat rules of the first packet %d, of the 21 after it %d",
        opening,
        after);
  }

  private static Finding rules(ArticleRun run) {
    PathWork work = work(run, IPTABLES, 10_000);
    long last = work.rules().serviceChainMax();
    double mean = work.rules().mean();
    return Finding.of(
        Math.abs(last - 20_000) <= 600 && Math.abs(mean - 10_000) <= 300,
        "%,d to the last Service, %,.0f in the mean over all",
        last,
        mean);
  }

  private static Finding sets(ArticleRun run) {
    double few = setSteps(run, 10);
    double many = setSteps(run, 10_000);
    return Finding.of(
        few > 0 && few == many,
        "%.1f sets and entries looked at, at 10 Services as at 10,000",
        many);
  }

  private static double setSteps(ArticleRun run, int services) {
    Configuration configuration =
        new Configuration(
            IPTABLES, Sweep.TWO_RULES_A_SERVICE, true, services, ArticleRun.ENDPOINTS, 1, 1_000);
    Map<String, Double> opening = run.laboratory().work(configuration).opening();
    return opening.getOrDefault("setLookup", 0.0) + opening.getOrDefault("setProbe", 0.0);
  }

  private static Finding policies() {
    Cluster client = ClientCluster.of(10, ArticleRun.ENDPOINTS);
    long pods = client.pods().stream().filter(pod -> pod.node().equals(ClientCluster.NODE)).count();
    int usual = SyntheticCluster.Size.USUAL_PODS_PER_NODE;
    double policies = policyJumps(client) / (double) pods;
    return Finding.of(
        pods == 30 && usual == 30 && policies == 3,
        "%d Pods on the client's node, jumps to %.0f policies from each Pod's chain",
        pods,
        policies);
  }

  /** Counts the jumps to policies in what Calico writes for the client's node. */
  private static long policyJumps(Cluster cluster) {
    StringWriter program = new StringWriter();
    for (NodeFile file :
        NodeProgram.withCalico(
                cluster.withServices(ImmutableList.of()),
                ClientCluster.NODE,
                ProxyConfig.builder().build(),
                CalicoPolicy.usual())
            .files()) {
      try {
        file.content().writeTo(program);
      } catch (IOException e) {
        throw new UncheckedIOException(file.name(), e);
      }
    }
    return program
        .toString()
        .lines()
        .filter(line -> line.startsWith("-A cali-tw-") && line.contains("-j cali-pi-"))
        .count();
  }

  private static Finding calico(ArticleRun run) {
    CalicoRules few = CalicoRules.of(10, ArticleRun.ENDPOINTS);
    CalicoRules many = CalicoRules.of(10_000, ArticleRun.ENDPOINTS);
    long kubeProxy = work(run, IPTABLES, 20).rules().serviceChainMax();
    return Finding.of(
        few.mean() >= 20
            && few.mean() <= 60
            && many.mean() >= 20
            && many.mean() <= 60
            && Math.abs(many.max() - few.max()) < 10
            && kubeProxy >= 20
            && kubeProxy <= 60,
        "%.0f rules of Calico's at 10 Services, %.0f at 10,000; of kube-proxy's at 20 Services %d",
        few.mean(),
        many.mean(),
        kubeProxy);
  }

  private static Finding chart3(ArticleRun run) {
    boolean twice =
        ArticleRun.SIZES.stream()
            .allMatch(size -> work(run, IPTABLES, size).rules().serviceChainMax() == 2L * size);
    return Finding.of(
        twice,
        "%,d at 10, %,d at 500 and %,d at 10,000 Services",
        work(run, IPTABLES, 10).rules().serviceChainMax(),
        work(run, IPTABLES, 500).rules().serviceChainMax(),
        work(run, IPTABLES, 10_000).rules().serviceChainMax());
  }
}
