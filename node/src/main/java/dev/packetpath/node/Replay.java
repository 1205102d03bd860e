package dev.packetpath.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.ConntrackText;
import dev.packetpath.conntrack.ExpectationText;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.Work;
import dev.packetpath.core.cost.Cost;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.syntax.ReadNote;
import dev.packetpath.iptables.syntax.SavePrinter;
import dev.packetpath.ipvs.syntax.IpvsadmListing;
import dev.packetpath.node.cost.CostJson;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.RuleUse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives a node packets from JSON lines, see {@link PacketJson}, and prints what the kernel would
 * show afterwards. Belongs to the node's thread.
 */
public final class Replay {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Node node;
  private final Work work = new Work();
  private long injected;

  /** What was noted first of each kind. */
  private final Map<String, ReadNote> notes = new LinkedHashMap<>();

  /** Creates a replay on a node. */
  public Replay(Node node) {
    this.node = node;
  }

  /**
   * Gives the node each packet in turn and writes each line again with its result, see {@link
   * ResultJson}.
   *
   * @return how many packets there were
   * @throws SyntaxException at the first line that is no packet, or names no device of the node
   * @throws IOException if reading or writing fails
   */
  public long packets(String file, Reader packets, Writer results) throws IOException {
    BufferedReader lines = new BufferedReader(packets);
    long count = 0;
    int number = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      PacketResult result = inject(file, number, line);
      ObjectNode output = (ObjectNode) JSON.readTree(line);
      ResultJson.addTo(output, result);
      write(output, results);
      count++;
    }
    return count;
  }

  private PacketResult inject(String file, int number, String line) {
    Injection injection =
        PacketJson.read(file, number, line, note -> notes.putIfAbsent(note.text(), note));
    try {
      PacketResult result = node.inject(injection);
      work.add(node.host().work());
      injected++;
      return result;
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(
          file, number, 1, String.valueOf(e.getMessage()), "a packet that the node can take");
    }
  }

  /**
   * Writes what all packets so far took by a profile, as one JSON object: the nanoseconds in all
   * and of a packet in the mean. Rules cost what {@link RuleUse} says.
   *
   * @throws IllegalArgumentException if the profile has no cost of an operation that ran
   */
  public void cost(Profile profile, Writer out) throws IOException {
    CostModel costs = profile.costs();
    Cost all = costs.costAt(work.toMap(), RuleUse.meanNs(node, costs.rules()));
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("profile", profile.name()).put("packets", injected);
    CostJson.write(all, json.putObject("ns"));
    CostJson.write(injected == 0 ? all : all.times(1.0 / injected), json.putObject("nsPerPacket"));
    work.toMap().forEach(json.putObject("work")::put);
    write(json, out);
  }

  /** Returns what lines held that was not understood, each kind where it came first. */
  public ImmutableList<ReadNote> notes() {
    return ImmutableList.copyOf(notes.values());
  }

  /** Writes the tables of a family as {@code iptables-save -c} would print them now. */
  public void rules(IpFamily family, Writer out) throws IOException {
    if (node.iptables(family).isPresent()) {
      SavePrinter.print(node.iptables(family).get().snapshot(), true, out);
    }
  }

  /** Writes the connections as {@code conntrack -L -o extended} would show them now. */
  public void connections(Writer out) throws IOException {
    if (node.conntrack().isPresent()) {
      out.write(ConntrackText.print(node.conntrack().get().entries()));
    }
  }

  /** Writes the announced connections as {@code conntrack -L expect} would show them now. */
  public void expectations(Writer out) throws IOException {
    if (node.conntrack().isPresent()) {
      out.write(ExpectationText.print(node.conntrack().get().expectations().entries()));
    }
  }

  /** Writes the virtual services as {@code ipvsadm -L -n} would list them now. */
  public void virtualServices(Writer out) throws IOException {
    if (node.ipvs().isPresent()) {
      IpvsadmListing.services(node.ipvs().get(), out);
    }
  }

  /** Writes their traffic as {@code ipvsadm -L -n --stats} would list it now. */
  public void virtualTraffic(Writer out) throws IOException {
    if (node.ipvs().isPresent()) {
      IpvsadmListing.stats(node.ipvs().get(), out);
    }
  }

  /** Writes their connections as {@code ipvsadm -L -c -n} would list them now. */
  public void virtualConnections(Writer out) throws IOException {
    if (node.ipvs().isPresent()) {
      IpvsadmListing.connections(node.ipvs().get(), node.host().clock().nowNs(), out);
    }
  }

  /** Writes one JSON line for each rule and each policy with its counts since the start. */
  public void counts(Writer out) throws IOException {
    for (IpFamily family : IpFamily.values()) {
      if (node.iptables(family).isPresent()) {
        counts(node.iptables(family).get(), out);
      }
    }
  }

  private static void counts(Iptables iptables, Writer out) throws IOException {
    for (LoadedTable loaded : iptables.tables()) {
      Table table = loaded.snapshot();
      for (Chain chain : table.chains()) {
        long[] evaluated = loaded.evaluated(chain.name());
        int index = 0;
        for (Rule rule : chain.rules()) {
          index++;
          ObjectNode json = line(iptables, table, chain);
          json.put("index", index).put("rule", rule.toString());
          Counters counted = loaded.counted(chain.name(), index);
          json.put("matched", counted.packets()).put("bytes", counted.bytes());
          json.put("evaluated", evaluated[index - 1]);
          write(json, out);
        }
        if (chain.policy().isPresent()) {
          ObjectNode json = line(iptables, table, chain);
          json.put("policy", chain.policy().get().name());
          Counters counted = loaded.policyCounted(chain.name());
          json.put("packets", counted.packets()).put("bytes", counted.bytes());
          write(json, out);
        }
      }
    }
  }

  private static ObjectNode line(Iptables iptables, Table table, Chain chain) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (iptables.family() == IpFamily.IPV6) {
      json.put("family", "ipv6");
    }
    return json.put("table", table.name().text()).put("chain", chain.name());
  }

  private static void write(ObjectNode json, Writer out)
      throws JsonProcessingException, IOException {
    out.write(JSON.writeValueAsString(json));
    out.write('\n');
  }
}
