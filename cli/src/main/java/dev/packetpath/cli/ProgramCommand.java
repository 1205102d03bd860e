package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeFile;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code packetpath program}: a cluster in, a node's snapshot out. */
@Command(
    name = "program",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 110,
    customSynopsis =
        "packetpath program (--synthetic services=N,endpoints=M | --manifests FILE) --out DIR"
            + " [OPTION...]",
    optionListHeading = "%n",
    description = {
      "Write what kube-proxy would program on a node of a cluster, as a node snapshot.",
      "It holds rules, sets, addresses, routes and settings, for trace and replay to read. Then print how",
      "many rules new connections to Services meet: with iptables that depends on the Service's place."
    },
    footer = {
      "%nExamples:",
      "  packetpath program --synthetic services=1000,endpoints=10 --out my-node",
      "  packetpath trace --node my-node 'in=cni0 tcp 10.128.0.250:40000 > 10.96.0.1:80' reply",
      "  kubectl get services,endpointslices,nodes,pods -A -o yaml >cluster.yaml",
      "  packetpath program --manifests cluster.yaml --node-name worker-1 --out my-node",
      "  packetpath program --mode ipvs --synthetic services=5000,endpoints=2 --sync --out my-node"
    })
final class ProgramCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @ArgGroup private Source source = new Source();

  /** The cluster, one way or the other. */
  static final class Source {
    @Option(
        names = "--synthetic",
        paramLabel = "services=N,endpoints=M[,pods-per-node=P][,seed=S]",
        converter = SizeConverter.class,
        description = "a made-up cluster of that size")
    private Optional<SyntheticSize> synthetic = Optional.empty();

    @Option(
        names = "--manifests",
        paramLabel = "FILE",
        description = {
          "what kubectl get services,endpointslices,nodes,namespaces,networkpolicies,pods",
          "-A -o yaml (or json) printed: documents or Lists; - for standard input"
        })
    private Optional<String> manifests = Optional.empty();
  }

  @Mixin private ClusterOptions more = new ClusterOptions();

  @Option(
      names = "--node-ip",
      paramLabel = "ADDR",
      split = ",",
      converter = ProxyOptions.AddressConverter.class,
      description = "the node's addresses (default: as the manifests say)")
  private List<IpAddress> nodeIps = List.of();

  @Option(
      names = "--cni",
      paramLabel = "bridge|calico",
      description = {
        "what connects Pods (default: bridge); calico: its iptables dataplane, with",
        "the NetworkPolicies of the manifests, or in a made-up cluster with three",
        "policies for every Pod, the last of which allows what comes from Pods"
      })
  private Cni cni = Cni.BRIDGE;

  @Mixin private ProxyOptions proxy = new ProxyOptions();

  @Option(
      names = "--sync",
      description = {
        "also count what kube-proxy sends to the kernel: when it starts, after its period",
        "without a change, and when an endpoint or a Service comes or goes"
      })
  private boolean sync;

  @Mixin private FormatOption format = new FormatOption();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      converter = OutputFolder.Converter.class,
      description = "where the files go; made if absent")
  private Path out = Path.of("");

  @Override
  public Integer call() throws IOException {
    Cluster cluster = cluster();
    ProxyConfig config = proxy.config();
    String node = more.node(cluster);
    NodeProgram program =
        switch (cni) {
          case BRIDGE -> NodeProgram.of(cluster, node, config);
          case CALICO -> NodeProgram.withCalico(cluster, node, config, policies(cluster));
        };
    try (OutputFolder folder = OutputFolder.at(out)) {
      for (NodeFile file : program.files()) {
        folder.write(file.name(), file.content()::writeTo);
      }
      folder.publish();
    }
    ProgramReport report =
        new ProgramReport(
            cluster,
            node,
            config,
            program.files().stream().map(NodeFile::name).collect(ImmutableList.toImmutableList()),
            program.rulesTraversed(),
            program.calicoRulesTraversed(),
            sync ? SyncCases.of(cluster, node, config) : ImmutableMap.of());
    spec.commandLine()
        .getOut()
        .print(format.isJson() ? report.json(out.toString()) : report.text(out.toString()));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private ImmutableList<CalicoPolicy> policies(Cluster cluster) {
    return source.synthetic.isPresent()
        ? CalicoPolicy.usual()
        : CalicoPolicy.of(cluster.policies());
  }

  private Cluster cluster() throws IOException {
    if (source.synthetic.isPresent()) {
      SyntheticSize size = source.synthetic.get();
      return SyntheticCluster.of(size.size(), more.podCidrs(), size.seed());
    }
    String file =
        source.manifests.orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "which cluster? --manifests or --synthetic"));
    ManifestFile manifests = new ManifestFile(file);
    Cluster cluster = more.read(manifests, nodeIps);
    if (cluster.services().isEmpty()) {
      PrintWriter errors = spec.commandLine().getErr();
      errors.println("note: " + manifests.title() + " has no Service with a cluster address");
    }
    return cluster;
  }

  /** Reads the size of a made-up cluster. */
  static final class SizeConverter implements ITypeConverter<SyntheticSize> {
    @Override
    public SyntheticSize convert(String text) {
      return ProxyOptions.orMisuse(() -> SyntheticSize.parse(text));
    }
  }
}
