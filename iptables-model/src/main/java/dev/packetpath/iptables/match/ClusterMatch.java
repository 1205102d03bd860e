package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.JenkinsHash;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m cluster}: whether this node of a cluster serves the connection, by a hash of the source
 * of its first packet. Makes a packet that came by link-layer multicast one for this host.
 *
 * <p>Source: net/netfilter/xt_cluster.c, Linux 6.1, on a little-endian machine; iptables 1.8.9,
 * libxt_cluster.c.
 *
 * @param nodes the number of nodes, 1 to 32
 * @param served the nodes that this machine stands for, as bits
 * @param seed the start of the hash
 * @param inverted whether the sense is reversed
 */
public record ClusterMatch(int nodes, int served, int seed, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("cluster")
          .option(OptionSpec.value("--cluster-total-nodes"))
          .option(OptionSpec.value("--cluster-local-node").orInverted())
          .option(OptionSpec.value("--cluster-local-nodemask").orInverted())
          .option(OptionSpec.value("--cluster-hash-seed"))
          .readBy(ClusterMatch::read);

  private static final int MAX_NODES = 32;

  /** iptables 1.8.9 takes the mask for a node's number and reads no larger one. */
  private static final long MAX_READABLE_MASK = 32;

  private static final long MAX_UINT32 = 0xffff_ffffL;

  private static ClusterMatch read(OptionValues options) {
    OptionValues.Given total = options.require("--cluster-total-nodes");
    OptionValues.Given seed = options.require("--cluster-hash-seed");
    OptionValues.Given local =
        options.exactlyOne("--cluster-local-node", "--cluster-local-nodemask");
    int nodes = (int) options.number(total, total.value(), 1, MAX_NODES);
    boolean mask = local.option().name().equals("--cluster-local-nodemask");
    long all = MAX_UINT32 >>> (MAX_NODES - nodes);
    long served =
        mask
            ? options.number(local, local.value(), 1, Math.min(all, MAX_READABLE_MASK))
            : 1L << (options.number(local, local.value(), 1, nodes) - 1);
    return new ClusterMatch(
        nodes,
        (int) served,
        (int) options.number(seed, seed.value(), 0, MAX_UINT32),
        local.inverted());
  }

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--cluster-local-nodemask", String.format("0x%08x", served))
        .option("--cluster-total-nodes", Integer.toString(nodes))
        .option("--cluster-hash-seed", String.format("0x%08x", seed));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(test(packet));
  }

  private boolean test(Packet packet) {
    if (packet.linkType() == LinkType.MULTICAST && !packet.destination().isMulticast()) {
      packet.linkType(LinkType.HOST);
    }
    Connection connection = PacketConnection.connectionOf(packet);
    if (!connection.exists()) {
      return false;
    }
    long hash = Integer.toUnsignedLong(hash(connection.original()));
    int node = (int) ((hash * nodes) >>> 32);
    return ((served >>> node & 1) != 0) != inverted;
  }

  /** Of an IPv6 address the kernel takes the first word alone. */
  private int hash(Tuple original) {
    int word =
        original.family() == IpFamily.IPV4
            ? (int) original.sourceLow()
            : (int) (original.sourceHigh() >>> Integer.SIZE);
    return JenkinsHash.hash(new int[] {Integer.reverseBytes(word)}, seed);
  }
}
