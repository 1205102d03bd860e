package dev.packetpath.kubernetes.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.io.CharSource;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.FlowCluster;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is counted is what is written, and no more of it is written than a change needs. */
final class ProxySyncTest {
  private static final String NODE = "node-1";

  private static ProxyConfig config(ProxyMode mode, int minor) {
    return ProxyConfig.builder().mode(mode).version(new KubeVersion(minor)).build();
  }

  static Stream<ProxyConfig> settings() {
    return Stream.of(
        config(ProxyMode.IPTABLES, 16),
        config(ProxyMode.IPTABLES, 20),
        config(ProxyMode.IPTABLES, 26),
        config(ProxyMode.IPTABLES, 27),
        config(ProxyMode.IPTABLES, 34),
        config(ProxyMode.IPVS, 20),
        config(ProxyMode.IPVS, 34),
        config(ProxyMode.NFTABLES, 31),
        config(ProxyMode.NFTABLES, 34),
        config(ProxyMode.USERSPACE, 20));
  }

  private static Cluster synthetic(int services, int endpoints) {
    return SyntheticCluster.of(SyntheticCluster.Size.of(services, endpoints), List.of(), 1);
  }

  private static ProxySync proxy(Cluster cluster, ProxyConfig config) {
    return ProxySync.of(cluster, NODE, config);
  }

  /** Returns the cluster without the last endpoint of one Service. */
  private static Cluster withoutEndpoint(Cluster cluster, int service) {
    Service changed = cluster.services().get(service);
    ServicePort port = changed.ports().get(0);
    int last = port.endpoints().size() - 1;
    ServicePort fewer =
        new ServicePort(
            port.name(),
            port.protocol(),
            port.port(),
            port.nodePort(),
            port.endpoints().subList(0, last));
    List<Service> services = new ArrayList<>(cluster.services());
    services.set(service, changed.toBuilder().ports(ImmutableList.of(fewer)).build());
    return cluster.withServices(ImmutableList.copyOf(services));
  }

  private static Cluster withoutLast(Cluster cluster) {
    int last = cluster.services().size() - 1;
    return cluster.withServices(cluster.services().subList(0, last));
  }

  private static String text(SyncText sync) throws IOException {
    StringWriter text = new StringWriter();
    sync.content().writeTo(text);
    return text.toString();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void countsAreThoseOfTheTextsThatAreWritten(ProxyConfig config) throws IOException {
    Cluster flows = FlowCluster.read();
    ProxySync all = ProxySync.of(flows, "n1", config);
    ProxySync fewer = ProxySync.of(withoutLast(flows), "n1", config);
    for (Sync sync : List.of(all.first(), all.periodic(), all.after(fewer), fewer.after(all))) {
      long rules = 0;
      long chains = 0;
      long added = 0;
      for (SyncText part : sync.texts()) {
        String text = text(part);
        assertThat(part.size())
            .isEqualTo(new TextSize(text.lines().count(), text.getBytes(UTF_8).length));
        rules += count(text, "-A ") + count(text, "add rule ");
        chains += count(text, ":") + count(text, "flush chain ");
        added += count(text, "add element ");
      }
      assertThat(sync.count(SyncOperation.RULE)).isEqualTo(rules);
      assertThat(sync.count(SyncOperation.CHAIN)).isEqualTo(chains);
      assertThat(sync.count(SyncOperation.ELEMENT_ADDED)).isEqualTo(added);
    }
  }

  private static long count(String text, String start) {
    return text.lines().filter(line -> line.startsWith(start)).count();
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 17, 20, 21, 24, 26, 27, 34})
  void whatIsRestoredAtTheStartIsTheProgramOfTheNode(int minor) throws IOException {
    ProxyConfig config = config(ProxyMode.IPTABLES, minor);
    Cluster flows = FlowCluster.read();
    String sent = text(Iterables.getOnlyElement(ProxySync.of(flows, "n1", config).first().texts()));
    Map<String, String> restored = kubeProxyChains(sent);
    Map<String, String> programmed =
        chains(NodeProgram.of(flows, "n1", config).snapshot().ruleset(IpFamily.IPV4).orElseThrow());
    restored.forEach(
        (chain, rules) -> assertThat(programmed.get(chain)).as(chain).isEqualTo(rules));
    assertThat(programmed.keySet())
        .filteredOn(name -> name.contains("KUBE-") && !restored.containsKey(name))
        .allMatch(
            name ->
                name.endsWith("CANARY")
                    || name.endsWith("KUBE-MARK-DROP")
                    || name.endsWith("KUBE-FIREWALL"));
  }

  private static Map<String, String> kubeProxyChains(String sent) throws IOException {
    // The mark of drops and its chain are kubelet's, and are there before.
    String withKubelet =
        sent.contains("KUBE-MARK-DROP")
            ? sent.replace("*nat\n", "*nat\n:KUBE-MARK-DROP - [0:0]\n")
            : sent;
    Map<String, String> chains =
        chains(
            SnapshotReader.read(Map.of("iptables-save.txt", CharSource.wrap(withKubelet)))
                .ruleset(IpFamily.IPV4)
                .orElseThrow());
    chains.keySet().removeIf(name -> !name.contains("KUBE-") || name.endsWith("KUBE-MARK-DROP"));
    return chains;
  }

  /** Returns the rules of each chain as they are printed. */
  private static Map<String, String> chains(Ruleset rules) {
    Map<String, String> chains = new TreeMap<>();
    for (Table table : rules.tables()) {
      for (Chain chain : table.chains()) {
        String printed =
            chain.rules().stream().map(Rule::toString).collect(Collectors.joining("\n"));
        chains.put(table.name() + chain.name(), printed);
      }
    }
    return chains;
  }

  @Test
  void aFullRestoreHoldsAllChainsAndRules() {
    Sync sync = proxy(synthetic(200, 3), config(ProxyMode.IPTABLES, 34)).first();
    // nat 5 + S (2 + 3 E), filter 4; 6 chains of filter, 4 of nat, S (1 + E) of Services
    assertThat(sync.count(SyncOperation.RULE)).isEqualTo(5 + 200 * 11 + 4);
    assertThat(sync.count(SyncOperation.CHAIN)).isEqualTo(10 + 200 * 4);
    assertThat(sync.texts().get(0).size().lines()).isEqualTo(2209 + 810 + 4);
    assertThat(sync.texts().get(0).tool()).isEqualTo("iptables-restore --noflush --counters");
    // 12 jumps of kube-proxy's list, and 2 to KUBE-FIREWALL
    assertThat(sync.count(SyncOperation.IPTABLES_COMMAND)).isEqualTo(3 * 14);
  }

  @Test
  void from127OnAChangeRestoresTheSharedChainsAndThoseOfItsService() throws IOException {
    Cluster cluster = synthetic(200, 3);
    ProxyConfig config = config(ProxyMode.IPTABLES, 27);
    ProxySync now = proxy(cluster, config);
    ProxySync less = proxy(withoutEndpoint(cluster, 77), config);
    Sync comes = now.after(less);
    // filter 4; nat 4 of the frame, 1 for each Service; of the Service 1 + 3 + 2 * 3
    assertThat(comes.count(SyncOperation.RULE)).isEqualTo(4 + 4 + 1 + 200 + 10);
    assertThat(comes.count(SyncOperation.CHAIN)).isEqualTo(10 + 1 + 3);
    assertThat(comes.count(SyncOperation.CHAIN_DELETED)).isZero();
    assertThat(comes.count(SyncOperation.IPTABLES_COMMAND)).isZero();
    Sync goes = less.after(now);
    assertThat(goes.count(SyncOperation.RULE)).isEqualTo(4 + 4 + 1 + 200 + 7);
    assertThat(goes.count(SyncOperation.CHAIN_DELETED)).isEqualTo(1);
    String text = text(goes.texts().get(0));
    String deleted = text.lines().filter(line -> line.startsWith("-X ")).findFirst().orElseThrow();
    assertThat(text).contains(":" + deleted.substring("-X ".length()) + " - [0:0]\n");
  }

  @Test
  void upTo126AChangeRestoresEverything() {
    Cluster cluster = synthetic(200, 3);
    ProxyConfig config = config(ProxyMode.IPTABLES, 26);
    ProxySync now = proxy(cluster, config);
    Sync comes = now.after(proxy(withoutEndpoint(cluster, 77), config));
    assertThat(comes.texts().get(0).size()).isEqualTo(now.first().texts().get(0).size());
  }

  @Test
  void largeClustersDeleteChainsAtLeisure() {
    Cluster cluster = synthetic(400, 3);
    ProxyConfig config = config(ProxyMode.IPTABLES, 34);
    Sync goes = proxy(withoutEndpoint(cluster, 7), config).after(proxy(cluster, config));
    assertThat(goes.count(SyncOperation.CHAIN_DELETED)).isZero();
  }

  @Test
  void withoutAChangeAPartialRestoreHoldsNoServicesOwnChain() {
    Cluster cluster = synthetic(50, 2);
    ProxyConfig config = config(ProxyMode.IPTABLES, 34);
    Sync sync = proxy(cluster, config).after(proxy(synthetic(50, 2), config));
    assertThat(sync.count(SyncOperation.CHAIN)).isEqualTo(10);
  }

  @Test
  void inIpvsModeAStartSendsAMessageForEachServer() {
    Cluster cluster = synthetic(300, 4);
    Sync sync = proxy(cluster, config(ProxyMode.IPVS, 34)).first();
    long local =
        cluster.services().stream()
            .flatMap(service -> service.ports().get(0).endpoints().stream())
            .filter(endpoint -> endpoint.node().equals(NODE))
            .count();
    assertThat(sync.count(SyncOperation.SERVER_ADDED)).isEqualTo(300);
    assertThat(sync.count(SyncOperation.REAL_SERVER_ADDED)).isEqualTo(1200);
    assertThat(sync.count(SyncOperation.ADDRESS_ADDED)).isEqualTo(300);
    // KUBE-CLUSTER-IP and KUBE-IPVS-IPS, and KUBE-LOOP-BACK for the node's own endpoints
    assertThat(sync.count(SyncOperation.IPSET_ADD)).isEqualTo(300 + 300 + local);
    assertThat(sync.count(SyncOperation.IPSET_CREATE)).isEqualTo(17);
  }

  @Test
  void inIpvsModeEvery30SecondsEachServerIsAskedFor() {
    Sync few = proxy(synthetic(10, 4), config(ProxyMode.IPVS, 34)).periodic();
    Sync many = proxy(synthetic(300, 4), config(ProxyMode.IPVS, 34)).periodic();
    assertThat(many.count(SyncOperation.SERVER_READ)).isEqualTo(600);
    assertThat(many.count(SyncOperation.REAL_SERVERS_LISTED)).isEqualTo(300);
    assertThat(many.count(SyncOperation.SERVER_ADDED)).isZero();
    assertThat(many.count(SyncOperation.IPSET_ADD)).isZero();
    assertThat(many.texts().get(0).size()).isEqualTo(few.texts().get(0).size());
  }

  @Test
  void inIpvsModeAChangeAddsAndDeletesWhatDiffers() {
    Cluster cluster = synthetic(300, 4);
    ProxyConfig config = config(ProxyMode.IPVS, 34);
    ProxySync now = proxy(cluster, config);
    ProxySync less = proxy(withoutEndpoint(cluster, 9), config);
    assertThat(now.after(less).count(SyncOperation.REAL_SERVER_ADDED)).isEqualTo(1);
    assertThat(less.after(now).count(SyncOperation.REAL_SERVER_DELETED)).isEqualTo(1);
    assertThat(less.after(now).count(SyncOperation.REAL_SERVERS_LISTED)).isEqualTo(301);
    Sync goes = proxy(withoutLast(cluster), config).after(now);
    assertThat(goes.count(SyncOperation.SERVER_DELETED)).isEqualTo(1);
    assertThat(goes.count(SyncOperation.ADDRESS_DELETED)).isEqualTo(1);
    assertThat(goes.count(SyncOperation.IPSET_DELETE)).isGreaterThanOrEqualTo(2);
  }

  @Test
  void inNftablesModeAStartIsOneTransaction() throws IOException {
    Sync sync = proxy(synthetic(100, 3), config(ProxyMode.NFTABLES, 34)).first();
    assertThat(sync.texts()).hasSize(1);
    assertThat(sync.count(SyncOperation.ELEMENT_ADDED)).isEqualTo(200);
    assertThat(sync.count(SyncOperation.SET_ADDED)).isEqualTo(6);
    // a choice and a test of outsiders for each Service, two for each endpoint
    long frame =
        proxy(synthetic(0, 0), config(ProxyMode.NFTABLES, 34)).first().count(SyncOperation.RULE);
    assertThat(sync.count(SyncOperation.RULE)).isEqualTo(frame + 100 * (2 + 3 * 2));
    assertThat(text(sync.texts().get(0))).startsWith("add table ip kube-proxy\n");
  }

  @Test
  void inNftablesModeFrom132OnAChangeSendsTheChainsOfItsService() throws IOException {
    Cluster cluster = synthetic(100, 3);
    ProxyConfig config = config(ProxyMode.NFTABLES, 32);
    ProxySync now = proxy(cluster, config);
    ProxySync less = proxy(withoutEndpoint(cluster, 9), config);
    Sync comes = now.after(less);
    assertThat(comes.count(SyncOperation.CHAIN)).isEqualTo(4);
    assertThat(comes.count(SyncOperation.RULE)).isEqualTo(2 + 6);
    assertThat(comes.count(SyncOperation.ELEMENT_ADDED)).isZero();
    assertThat(comes.texts().get(0).size().lines()).isEqualTo(2 * 4 + 8);
    Sync goes = less.after(now);
    // the chain of the endpoint is emptied, and deleted later
    assertThat(goes.count(SyncOperation.CHAIN)).isEqualTo(3 + 1);
    assertThat(text(goes.texts().get(1))).startsWith("delete chain ip kube-proxy endpoint-");
    Sync serviceGoes = proxy(withoutLast(cluster), config).after(now);
    assertThat(serviceGoes.count(SyncOperation.ELEMENT_DELETED)).isEqualTo(2);
    assertThat(serviceGoes.count(SyncOperation.RULE)).isZero();
  }

  @Test
  void inNftablesModeUpTo131EverySyncFillsTheMapsAgain() {
    Cluster cluster = synthetic(100, 3);
    ProxyConfig config = config(ProxyMode.NFTABLES, 31);
    Sync sync = proxy(cluster, config).after(proxy(withoutEndpoint(cluster, 9), config));
    assertThat(sync.count(SyncOperation.ELEMENT_ADDED)).isEqualTo(200);
  }

  @Test
  void inUserspaceModeEveryRuleIsARunOfIptables() {
    Cluster cluster = synthetic(20, 1);
    ProxyConfig config = config(ProxyMode.USERSPACE, 20);
    ProxySync now = proxy(cluster, config);
    // 4 chains; 4 jumps and 2 rules a Service are asked for and added
    assertThat(now.first().count(SyncOperation.IPTABLES_COMMAND)).isEqualTo(4 + 2 * (4 + 40));
    assertThat(now.periodic().count(SyncOperation.IPTABLES_COMMAND)).isEqualTo(44);
    Sync comes = now.after(proxy(withoutLast(cluster), config));
    assertThat(comes.count(SyncOperation.IPTABLES_COMMAND)).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"IPTABLES,16,30", "IPTABLES,20,3600", "IPVS,34,30", "NFTABLES,34,3600"})
  void thePeriodIsThatOfTheMode(ProxyMode mode, int minor, long seconds) {
    assertThat(ProxySync.period(config(mode, minor))).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void bothFamiliesAreSent() {
    Cluster dual =
        SyntheticCluster.of(
            SyntheticCluster.Size.of(5, 2),
            List.of(IpPrefix.parse("10.244.0.0/16"), IpPrefix.parse("fd00:10:244::/48")),
            1);
    assertThat(proxy(dual, config(ProxyMode.IPTABLES, 34)).first().texts())
        .extracting(SyncText::tool)
        .containsExactly(
            "iptables-restore --noflush --counters", "ip6tables-restore --noflush --counters");
  }

  @Test
  void tablesAreThoseOfKubeProxy() throws IOException {
    String text =
        text(proxy(synthetic(1, 1), config(ProxyMode.IPTABLES, 34)).first().texts().get(0));
    assertThat(text.lines().filter(line -> line.startsWith("*")))
        .containsExactly("*" + TableName.FILTER, "*" + TableName.NAT);
  }
}
