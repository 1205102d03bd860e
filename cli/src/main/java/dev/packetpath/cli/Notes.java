package dev.packetpath.cli;

import dev.packetpath.iptables.syntax.ReadNote;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints what a lenient reading let pass, each kind once. */
final class Notes {
  private static final int MOST_KINDS = 20;

  private Notes() {}

  static void print(List<ReadNote> notes, PrintWriter out) {
    Map<String, ReadNote> firsts = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (ReadNote note : notes) {
      firsts.putIfAbsent(note.text(), note);
      counts.merge(note.text(), 1, Integer::sum);
    }
    int printed = 0;
    for (ReadNote first : firsts.values()) {
      if (printed++ == MOST_KINDS) {
        out.println(
            "note: and " + (firsts.size() - MOST_KINDS) + " more kinds; all: --format json");
        return;
      }
      int more = counts.getOrDefault(first.text(), 1) - 1;
      out.println("note: " + first + (more == 0 ? "" : " (and " + more + " more lines)"));
    }
  }
}
