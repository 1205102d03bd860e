package dev.packetpath.cli;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.cost.UnpricedException;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Walk;
import dev.packetpath.node.Node;
import dev.packetpath.node.Replay;
import dev.packetpath.node.SnapshotReader;
import dev.packetpath.node.TextFile;
import dev.packetpath.node.cost.Profile;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code packetpath replay}: packets in, the node's state afterwards out. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpWidth = 110,
    description = "Feed packets to a node and write what its kernel would show afterwards.",
    footer = {
      "%nA packet is one line, such as",
      "  {\"inject\":\"eth0\",\"proto\":\"tcp\",\"src\":\"203.0.113.9\",\"sport\":40000,",
      "   \"dst\":\"192.168.0.2\",\"dport\":30080,\"flags\":\"S\"}",
      "%nExample, with packets.jsonl of such lines:",
      "  packetpath example my-node",
      "  packetpath replay --node my-node --packets packets.jsonl --out result"
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--node", required = true, paramLabel = "DIR", description = "the node snapshot")
  private Path node = Path.of("");

  @Option(
      names = "--packets",
      required = true,
      paramLabel = "FILE",
      description = "one packet a line, as JSON")
  private Path packets = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      converter = OutputFolder.Converter.class,
      description = "where the results go; made if absent")
  private Path out = Path.of("");

  @Option(
      names = "--local-sockets",
      paramLabel = "none|rst",
      defaultValue = "none",
      description = "how a closed local port answers TCP (default: ${DEFAULT-VALUE})")
  private LocalSockets localSockets = LocalSockets.NONE;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "what random draws are made from (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      description = "also write cost.json: how many nanoseconds the work takes, by a cost profile")
  private Optional<String> profile = Optional.empty();

  @Option(
      names = "--reference",
      description = "walk iptables rules one by one, as the kernel does; the results are the same")
  private boolean reference;

  @Override
  public Integer call() throws IOException {
    Optional<Profile> costs = ProfileOption.read(profile, spec);
    Node running =
        Node.builder(SnapshotReader.read(node))
            .decisions(new SeededDecisions(seed))
            .localSockets(localSockets)
            .walk(reference ? Walk.REFERENCE : Walk.COMPILED)
            .build();
    Replay replay = new Replay(running);
    try (OutputFolder folder = OutputFolder.at(out);
        Reader text = TextFile.open(packets)) {
      folder.write("packets.jsonl", results -> replay.packets(packets.toString(), text, results));
      for (IpFamily family : IpFamily.values()) {
        if (running.iptables(family).isPresent()) {
          String name = family == IpFamily.IPV4 ? "iptables-save.txt" : "ip6tables-save.txt";
          folder.write(name, rules -> replay.rules(family, rules));
        }
      }
      folder.write("rules.jsonl", replay::counts);
      folder.write("conntrack.txt", replay::connections);
      folder.write("conntrack-expect.txt", replay::expectations);
      if (costs.isPresent()) {
        Profile by = costs.get();
        folder.write("cost.json", json -> priced(replay, by, json));
      }
      if (running.ipvs().isPresent()) {
        folder.write("ipvsadm.txt", replay::virtualServices);
        folder.write("ipvsadm-stats.txt", replay::virtualTraffic);
        folder.write("ipvsadm-connections.txt", replay::virtualConnections);
      }
      folder.publish();
    }
    Notes.print(replay.notes(), spec.commandLine().getErr());
    return 0;
  }

  private void priced(Replay replay, Profile costs, Writer json) throws IOException {
    try {
      replay.cost(costs, json);
    } catch (UnpricedException e) {
      throw ProfileOption.lacking(profile.orElse(""), e);
    }
  }
}
