package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.io.CharStreams;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.ReadNote;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.node.ExampleNode;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PastedRules;
import dev.packetpath.node.SnapshotReader;
import dev.packetpath.node.TextFile;
import dev.packetpath.node.trace.Tracer;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The node of a trace.
 *
 * @param tracer follows packets through it
 * @param assumed whether its addresses and routes are not told
 * @param notes what a lenient reading let pass
 */
record TraceInput(Tracer.Builder tracer, boolean assumed, ImmutableList<ReadNote> notes) {
  private static final ImmutableList<String> NETWORK =
      ImmutableList.of("addresses.json", "addresses6.json", "routes.json", "routes6.json");

  static TraceInput ofExample() {
    return new TraceInput(Tracer.builder(ExampleNode.snapshot()), false, ImmutableList.of());
  }

  static TraceInput ofNode(Path folder, boolean lenient) throws IOException {
    List<ReadNote> notes = new ArrayList<>();
    NodeSnapshot snapshot =
        lenient
            ? SnapshotReader.read(folder, ReadMode.LENIENT, notes::add)
            : SnapshotReader.read(folder);
    if (!Files.exists(folder.resolve("sysctl.txt"))) {
      notes.add(
          new ReadNote(
              folder.resolve("sysctl.txt").toString(),
              1,
              1,
              "there is no such file, so the node is taken to forward packets, to count them for"
                  + " each connection, and not to limit ICMP errors"));
    }
    boolean assumed = NETWORK.stream().map(folder::resolve).noneMatch(Files::exists);
    Tracer.Builder tracer = assumed ? Tracer.builderOfRules(snapshot) : Tracer.builder(snapshot);
    return new TraceInput(tracer.unknownSets(lenient), assumed, ImmutableList.copyOf(notes));
  }

  /**
   * Returns the node of a dump.
   *
   * @param family the family of the rules where they do not tell
   */
  static TraceInput ofRules(String file, IpFamily family, Optional<Path> ipset, boolean lenient)
      throws IOException {
    boolean piped = file.equals("-");
    String name = piped ? "<stdin>" : file;
    String text = piped ? all(TextFile.of(name, System.in)) : all(TextFile.open(Path.of(file)));
    if (text.isBlank()) {
      throw new SyntaxException(name, 1, 1, "an empty text", "rules as iptables-save prints them");
    }
    IpFamily found = RulesFamily.of(text).orElse(family);
    List<ReadNote> notes = new ArrayList<>();
    Ruleset ruleset =
        lenient
            ? PastedRules.read(name, found, text, notes::add)
            : RestoreParser.parse(name, found, new StringReader(text));
    if (found != family) {
      notes.add(
          new ReadNote(
              name, 1, 1, "rules of " + found + ", so no " + family + " packet meets one"));
    }
    NodeSnapshot.Builder snapshot = NodeSnapshot.builder().ruleset(ruleset);
    if (ipset.isPresent()) {
      try (Reader sets = TextFile.open(ipset.get())) {
        snapshot.sets(SnapshotReader.readSets(ipset.get().toString(), sets));
      }
    }
    return new TraceInput(
        Tracer.builderOfRules(snapshot.build()).unknownSets(true),
        true,
        ImmutableList.copyOf(notes));
  }

  private static String all(Reader text) throws IOException {
    try (text) {
      return CharStreams.toString(text);
    }
  }
}
