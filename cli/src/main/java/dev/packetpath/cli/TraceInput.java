package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
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
import dev.packetpath.node.trace.Tracer;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
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
    String text = piped ? standardInput() : Files.readString(Path.of(file));
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
      try (Reader sets = Files.newBufferedReader(ipset.get(), StandardCharsets.UTF_8)) {
        snapshot.sets(SnapshotReader.readSets(ipset.get().toString(), sets));
      }
    }
    return new TraceInput(
        Tracer.builderOfRules(snapshot.build()).unknownSets(true),
        true,
        ImmutableList.copyOf(notes));
  }

  private static String standardInput() throws IOException {
    StringBuilder text = new StringBuilder();
    Reader in = new InputStreamReader(System.in, StandardCharsets.UTF_8);
    char[] block = new char[8192];
    for (int read = in.read(block); read >= 0; read = in.read(block)) {
      text.append(block, 0, read);
    }
    return text.toString();
  }
}
