package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what iptables-save and ip6tables-save print, as iptables-restore reads it.
 *
 * <p>Streaming: one line is held at a time, and memory grows with the rules. Belongs to one thread.
 *
 * <p>Source: iptables 1.8.9, iptables-restore.c.
 */
public final class RestoreParser {
  private static final int MAX_LINE_CHARS = 10_239;

  private final String file;
  private final IpFamily family;
  private final List<ReadNote> notes = new ArrayList<>();
  private final Map<TableName, Table> tables = new LinkedHashMap<>();
  private final Words words = new Words();
  private final RuleReader ruleReader;
  private @Nullable TableDraft table;
  private RuleSource source;

  /**
   * Creates a parser.
   *
   * @param file what the text is called in errors
   * @param family whose rules it holds
   * @param mode how strictly it is read
   */
  public RestoreParser(String file, IpFamily family, ReadMode mode) {
    this.file = file;
    this.family = family;
    this.source = new RuleSource(file, 0);
    this.ruleReader = new RuleReader(family, mode, notes, this::userChain);
  }

  /**
   * Reads a whole text strictly.
   *
   * @throws SyntaxException at the first word that iptables-restore would refuse
   * @throws IOException if the reader fails
   */
  public static Ruleset parse(String file, IpFamily family, Reader text) throws IOException {
    return new RestoreParser(file, family, ReadMode.STRICT).read(text);
  }

  /**
   * Reads a whole text. Of a table that is there twice, the second counts.
   *
   * @throws SyntaxException at the first word that cannot be read
   * @throws IOException if the reader fails
   */
  public Ruleset read(Reader text) throws IOException {
    LineReader lines = new LineReader(text);
    for (String line = lines.next(); line != null; line = lines.next()) {
      source = new RuleSource(file, lines.line());
      if (line.length() > MAX_LINE_CHARS) {
        throw source.error(
            MAX_LINE_CHARS + 1,
            "a line of " + line.length() + " characters",
            "at most " + MAX_LINE_CHARS);
      }
      if (!lines.isTerminated() && !line.startsWith("#")) {
        throw source.error(
            line.length() + 1, "the end of the text", "a newline behind the last line");
      }
      readLine(line);
    }
    if (table != null) {
      throw new SyntaxException(
          file, lines.line() + 1, 1, "the end of the text in table " + table.name(), "COMMIT");
    }
    return new Ruleset(family, ImmutableList.copyOf(tables.values()));
  }

  /** Returns what a lenient reading let pass so far. */
  public ImmutableList<ReadNote> notes() {
    return ImmutableList.copyOf(notes);
  }

  private @Nullable ChainDraft userChain(String name) {
    return table == null ? null : table.userChain(name);
  }

  private void readLine(String line) {
    if (line.isEmpty() || line.charAt(0) == '#') {
      return;
    }
    TableDraft current = table;
    if (current == null) {
      if (line.charAt(0) != '*') {
        throw source.error(1, quote(line), "\"*\" and the name of a table");
      }
      table = new TableDraft(tableName(line));
    } else if (line.equals("COMMIT")) {
      TableChecks.check(file, family, current);
      tables.remove(current.name());
      tables.put(current.name(), current.finish());
      table = null;
    } else if (line.charAt(0) == ':') {
      readChain(current, line);
    } else if (line.charAt(0) == '*') {
      throw source.error(1, quote(line), "COMMIT of table " + current.name() + " first");
    } else {
      readCommand(current, line);
    }
  }

  private static String quote(String line) {
    return "\"" + (line.length() > 40 ? line.substring(0, 40) + "…" : line) + "\"";
  }

  private TableName tableName(String line) {
    String name = line.substring(1).strip();
    return TableName.of(name)
        .orElseThrow(
            () -> source.error(2, "table " + quote(name), "raw, mangle, nat, filter or security"));
  }

  private void readChain(TableDraft current, String line) {
    words.split(source, line.substring(1), 0);
    if (words.size() < 2) {
      throw source.error(1, quote(line), "\":CHAIN POLICY [packets:bytes]\"");
    }
    String name = words.word(0);
    String policy = words.word(1);
    int policyColumn = words.column(1) + 1;
    Counters counters =
        words.size() > 2 ? counters(words.word(2), words.column(2) + 1) : Counters.ZERO;
    ChainDraft chain = current.chain(name);
    if (chain == null) {
      checkName(name, 2);
      if (!policy.equals("-")) {
        throw source.error(
            policyColumn,
            "policy " + policy + " of user chain " + name,
            "\"-\": only a base chain has a policy");
      }
      current.addUserChain(name);
      return;
    }
    if (!chain.isBase()) {
      chain.flush();
      return;
    }
    if (!policy.equals("-")) {
      chain.policy(policy(policy, policyColumn), counters);
    }
  }

  private Policy policy(String text, int column) {
    return switch (text) {
      case "ACCEPT" -> Policy.ACCEPT;
      case "DROP" -> Policy.DROP;
      default -> throw source.error(column, "policy \"" + text + "\"", "ACCEPT or DROP");
    };
  }

  private void checkName(String name, int column) {
    if (name.length() > 28) {
      throw source.error(
          column, "chain name \"" + name + "\" of " + name.length() + " characters", "at most 28");
    }
    if (name.startsWith("-") || name.startsWith("!")) {
      throw source.error(
          column, "chain name \"" + name + "\"", "a name that starts with neither \"-\" nor \"!\"");
    }
  }

  private Counters counters(String text, int column) {
    int colon = text.indexOf(':');
    if (text.length() > 4 && text.charAt(0) == '[' && text.endsWith("]") && colon > 0) {
      Optional<Counters> read =
          counters(text.substring(1, colon), text.substring(colon + 1, text.length() - 1));
      if (read.isPresent()) {
        return read.get();
      }
    }
    throw source.error(column, quote(text), "\"[packets:bytes]\"");
  }

  private static Optional<Counters> counters(String packets, String bytes) {
    try {
      return Optional.of(
          new Counters(Long.parseUnsignedLong(packets), Long.parseUnsignedLong(bytes)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void readCommand(TableDraft current, String line) {
    words.split(source, line, 0);
    if (words.size() == 0) {
      throw source.error(1, "white space", "a rule, \":CHAIN\", COMMIT, or an empty line");
    }
    int at = 0;
    Counters counters = Counters.ZERO;
    if (words.word(0).startsWith("[")) {
      counters = counters(words.word(0), words.column(0));
      at = 1;
    }
    if (at + 1 >= words.size() && !isOptionalChain(at)) {
      throw source.error(
          words.column(words.size() - 1),
          quote(words.word(words.size() - 1)),
          "a command such as \"-A CHAIN\"");
    }
    String command = words.word(at);
    switch (command) {
      case "-A", "--append" ->
          existing(current, at + 1).append(ruleReader.read(source, words, at + 2, counters));
      case "-I", "--insert" -> insert(current, at, counters);
      case "-D", "--delete" -> delete(current, at);
      case "-N", "--new-chain", "--new" -> newChain(current, at);
      case "-P", "--policy" -> setPolicy(current, at);
      case "-F", "--flush" -> flush(current, at);
      case "-X", "--delete-chain" -> deleteChain(current, at);
      default ->
          throw source.error(
              words.column(at),
              quote(command),
              "one of -A -I -D -N -P -F -X, \":CHAIN\" or COMMIT");
    }
  }

  private boolean isOptionalChain(int at) {
    return at < words.size() && (words.word(at).equals("-F") || words.word(at).equals("-X"));
  }

  private ChainDraft existing(TableDraft current, int at) {
    if (at >= words.size()) {
      throw source.error(words.column(words.size() - 1), "no chain", "the name of a chain");
    }
    ChainDraft chain = current.chainOfRule(words.word(at));
    if (chain == null) {
      throw source.error(
          words.column(at), "chain \"" + words.word(at) + "\"", "a chain declared above");
    }
    return chain;
  }

  private void insert(TableDraft current, int at, Counters counters) {
    ChainDraft chain = existing(current, at + 1);
    int from = at + 2;
    long place = from < words.size() ? Numbers.parse(words.word(from)) : -1;
    if (place >= 0) {
      checkPlace(place, chain.rules().size() + 1L, from);
      from++;
    }
    chain.insert(place < 0 ? 0 : (int) place - 1, ruleReader.read(source, words, from, counters));
  }

  private void checkPlace(long place, long last, int at) {
    if (place < 1 || place > last) {
      throw source.error(words.column(at), "rule number " + place, "1 to " + last);
    }
  }

  private void delete(TableDraft current, int at) {
    ChainDraft chain = existing(current, at + 1);
    long place = at + 2 < words.size() ? Numbers.parse(words.word(at + 2)) : -1;
    if (place >= 0) {
      checkPlace(place, chain.rules().size(), at + 2);
      chain.remove((int) place - 1);
      return;
    }
    List<DraftRule> wanted = ruleReader.read(source, words, at + 2, Counters.ZERO);
    if (wanted.isEmpty()) {
      return;
    }
    for (int i = 0; i < chain.rules().size(); i++) {
      if (chain.rules().get(i).rule().saysTheSame(wanted.get(0).rule())) {
        chain.remove(i);
        return;
      }
    }
    throw source.error(
        words.column(at), "-D of a rule that is not there", "a rule of chain " + chain.name());
  }

  private void newChain(TableDraft current, int at) {
    String name = words.word(at + 1);
    checkName(name, words.column(at + 1));
    if (current.chain(name) != null) {
      throw source.error(words.column(at + 1), "chain \"" + name + "\" again", "a new name");
    }
    current.addUserChain(name);
  }

  private void setPolicy(TableDraft current, int at) {
    ChainDraft chain = existing(current, at + 1);
    if (!chain.isBase() || at + 2 >= words.size()) {
      throw source.error(
          words.column(at), quote(words.word(at)), "-P, a base chain, and ACCEPT or DROP");
    }
    chain.policy(policy(words.word(at + 2), words.column(at + 2)), Counters.ZERO);
  }

  private void flush(TableDraft current, int at) {
    if (at + 1 < words.size()) {
      existing(current, at + 1).flush();
    } else {
      current.chains().forEach(ChainDraft::flush);
    }
  }

  private void deleteChain(TableDraft current, int at) {
    if (at + 1 >= words.size()) {
      List.copyOf(current.chains()).stream()
          .filter(chain -> !chain.isBase())
          .forEach(chain -> current.removeChain(chain.name()));
      return;
    }
    ChainDraft chain = existing(current, at + 1);
    if (chain.isBase() || !chain.rules().isEmpty()) {
      throw source.error(
          words.column(at + 1), "-X of chain " + chain.name(), "an empty user chain");
    }
    current.removeChain(chain.name());
  }
}
