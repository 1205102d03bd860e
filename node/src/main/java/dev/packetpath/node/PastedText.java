package dev.packetpath.node;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.iptables.syntax.ReadNote;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A part of what iptables-save prints, made whole. */
final class PastedText {
  private static final Pattern APPEND = Pattern.compile("(?:\\[\\d+:\\d+\\] *)?-A +(\\S+).*");
  private static final Pattern CALL = Pattern.compile(".* -[jg] +(\\S+).*");
  private static final Pattern POLICY = Pattern.compile("-P +(\\S+) +(\\S+).*");
  private static final Pattern NEW_CHAIN = Pattern.compile("-N +(\\S+).*");
  private static final Pattern OF_NAT =
      Pattern.compile(
          ".* -j (DNAT|SNAT|MASQUERADE|REDIRECT|NETMAP)\\b.*|-A (PREROUTING|POSTROUTING) .*");

  private static final ImmutableSet<String> BASE_CHAINS =
      ImmutableSet.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING");

  private static final ImmutableSet<String> TARGETS =
      ImmutableSet.of(
          "ACCEPT",
          "DROP",
          "RETURN",
          "QUEUE",
          "AUDIT",
          "CHECKSUM",
          "CLASSIFY",
          "CLUSTERIP",
          "CONNMARK",
          "CONNSECMARK",
          "CT",
          "DNAT",
          "DNPT",
          "DSCP",
          "ECN",
          "HL",
          "HMARK",
          "IDLETIMER",
          "LED",
          "LOG",
          "MARK",
          "MASQUERADE",
          "NETMAP",
          "NFLOG",
          "NFQUEUE",
          "NOTRACK",
          "RATEEST",
          "REDIRECT",
          "REJECT",
          "SECMARK",
          "SET",
          "SNAT",
          "SNPT",
          "SYNPROXY",
          "TCPMSS",
          "TCPOPTSTRIP",
          "TEE",
          "TOS",
          "TPROXY",
          "TRACE",
          "TTL",
          "ULOG");

  private final String file;
  private final List<String> out = new ArrayList<>();
  private final List<Integer> lineOfOut = new ArrayList<>();
  private final ImmutableList.Builder<ReadNote> notes = ImmutableList.builder();

  private boolean changed;

  private PastedText(String file) {
    this.file = file;
  }

  /** The lines of one table. */
  private static final class Part {
    private final String table;
    private final int line;
    private final Map<String, String> declared = new LinkedHashMap<>();
    private final Map<String, Integer> declaredAt = new LinkedHashMap<>();
    private final Map<String, Integer> used = new LinkedHashMap<>();
    private final List<String> rules = new ArrayList<>();
    private final List<Integer> lines = new ArrayList<>();

    private Part(String table, int line) {
      this.table = table;
      this.line = line;
    }
  }

  static PastedText complete(String file, String text) {
    PastedText completed = new PastedText(file);
    completed.readAll(Splitter.on('\n').splitToList(text));
    return completed;
  }

  private void readAll(List<String> lines) {
    Part part = new Part("", 0);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      int number = i + 1;
      if (line.startsWith("*")) {
        finish(part, number - 1);
        part = new Part(line, number);
      } else if (line.equals("COMMIT")) {
        write(part, number);
        part = new Part("", number);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        read(part, line, number);
      }
    }
    finish(part, lines.size());
  }

  private static void read(Part part, String line, int number) {
    Matcher append = APPEND.matcher(line);
    Matcher policy = POLICY.matcher(line);
    Matcher newChain = NEW_CHAIN.matcher(line);
    if (line.startsWith(":")) {
      String name = Splitter.on(' ').splitToList(line).get(0).substring(1);
      part.declared.put(name, line);
      part.declaredAt.put(name, number);
    } else if (policy.matches()) {
      part.declared.put(policy.group(1), ":" + policy.group(1) + " " + policy.group(2) + " [0:0]");
      part.declaredAt.put(policy.group(1), number);
    } else if (newChain.matches()) {
      part.declared.put(newChain.group(1), ":" + newChain.group(1) + " - [0:0]");
      part.declaredAt.put(newChain.group(1), number);
    } else {
      part.rules.add(line);
      part.lines.add(number);
      if (append.matches()) {
        part.used.putIfAbsent(append.group(1), number);
      }
      Matcher call = CALL.matcher(line);
      if (call.matches() && !TARGETS.contains(call.group(1))) {
        part.used.putIfAbsent(call.group(1), number);
      }
    }
  }

  /** Writes a part that no COMMIT ended. */
  private void finish(Part part, int number) {
    if (part.rules.isEmpty() && part.declared.isEmpty() && part.table.isEmpty()) {
      return;
    }
    write(part, number);
    if (!part.table.isEmpty()) {
      note(number, "COMMIT was added behind this line");
    }
  }

  private void write(Part part, int endLine) {
    int first = part.lines.isEmpty() ? Math.max(1, part.line) : part.lines.get(0);
    String table = part.table;
    if (table.isEmpty()) {
      boolean nat = part.rules.stream().anyMatch(rule -> OF_NAT.matcher(rule).matches());
      table = nat ? "*nat" : "*filter";
      note(first, "no table: taken as " + table.substring(1));
    }
    add(table, first);
    Set<String> appended = new LinkedHashSet<>();
    for (String rule : part.rules) {
      Matcher append = APPEND.matcher(rule);
      if (append.matches()) {
        appended.add(append.group(1));
      }
    }
    part.declared.forEach((name, line) -> add(line, part.declaredAt.getOrDefault(name, first)));
    part.used.forEach(
        (name, line) -> {
          if (!part.declared.containsKey(name)) {
            changed = true;
            boolean base = BASE_CHAINS.contains(name);
            add(":" + name + (base ? " ACCEPT [0:0]" : " - [0:0]"), line);
            if (base) {
              note(line, "chain " + name + " is not declared: its policy is taken as ACCEPT");
            } else if (!appended.contains(name)) {
              note(line, "chain " + name + " is not in the text: taken as empty");
            }
          }
        });
    for (int i = 0; i < part.rules.size(); i++) {
      add(part.rules.get(i), part.lines.get(i));
    }
    add("COMMIT", endLine);
  }

  private void add(String line, int number) {
    out.add(line);
    lineOfOut.add(number);
  }

  private void note(int line, String text) {
    changed = true;
    notes.add(new ReadNote(file, line, 1, text));
  }

  /** Returns the whole text. */
  String text() {
    return String.join("\n", out) + "\n";
  }

  /** Returns the line of the part from which a line of the whole text comes, both from 1. */
  int line(int ofText) {
    return ofText >= 1 && ofText <= lineOfOut.size() ? lineOfOut.get(ofText - 1) : ofText;
  }

  /** Returns whether anything was added. */
  boolean changed() {
    return changed;
  }

  /** Returns what was added that may change an answer. */
  ImmutableList<ReadNote> notes() {
    return notes.build();
  }
}
