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
import org.jspecify.annotations.Nullable;

/**
 * Reads what iptables-save and ip6tables-save print, as iptables-restore reads it.
 *
 * <p>Streaming: one line is held at a time, and memory grows with the rules. Belongs to one thread.
 *
 * <p>Source: iptables 1.8.9, iptables-restore.c.
 */
public final class RestoreParser {
  private static final int MAX_LINE_BYTES = 10_239;

  private final String file;
  private final IpFamily family;
  private final List<ReadNote> notes = new ArrayList<>();
  private final Map<TableName, Table> tables = new LinkedHashMap<>();
  private final Words words = new Words();
  private final CommandLine commandLine;
  private @Nullable TableDraft table;
  private final RuleSource source;

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
    this.source = new RuleSource(file);
    this.commandLine = new CommandLine(family, mode, notes, new ChainsOfTable());
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
    while (lines.next()) {
      source.line(lines.line());
      checkLength(lines);
      if (!lines.isTerminated() && !lines.startsWith('#')) {
        throw source.error(
            lines.length() + 1, "the end of the text", "a newline behind the last line");
      }
      readLine(lines);
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

  private void checkLength(LineReader line) {
    if (line.length() > MAX_LINE_BYTES / 3 && Utf8Text.length(line.text()) > MAX_LINE_BYTES) {
      throw source.error(
          Utf8Text.truncated(line.text(), MAX_LINE_BYTES).length() + 1,
          "a line of " + Utf8Text.length(line.text()) + " bytes",
          "at most " + MAX_LINE_BYTES);
    }
  }

  /** The user chains of the table that is being read, none between two tables. */
  private final class ChainsOfTable implements UserChains {
    @Override
    public @Nullable ChainDraft find(String name) {
      return table == null ? null : userChain(table.chain(name));
    }

    @Override
    public @Nullable ChainDraft find(Words words, int word) {
      return table == null ? null : userChain(table.chain(words, word));
    }

    private @Nullable ChainDraft userChain(@Nullable ChainDraft chain) {
      return chain == null || chain.isBase() ? null : chain;
    }
  }

  private void readLine(LineReader line) {
    if (line.length() == 0 || line.startsWith('#')) {
      return;
    }
    TableDraft current = table;
    if (current == null) {
      if (!line.startsWith('*')) {
        throw source.error(1, quote(line.text()), "\"*\" and the name of a table");
      }
      TableName name = tableName(line);
      table = new TableDraft(name, new TableChecks(file, family, name));
    } else if (line.is("COMMIT")) {
      Table finished = current.finish();
      tables.remove(current.name());
      tables.put(current.name(), finished);
      table = null;
    } else if (line.startsWith(':')) {
      readChain(current, line);
    } else if (line.startsWith('*')) {
      throw source.error(1, quote(line.text()), "COMMIT of table " + current.name() + " first");
    } else {
      readCommand(current, line);
    }
  }

  private static String quote(String line) {
    return "\"" + (line.length() > 40 ? line.substring(0, 40) + "…" : line) + "\"";
  }

  private TableName tableName(LineReader line) {
    words.splitUnquoted(source, line, 1);
    String name = words.size() == 0 ? "" : words.word(0);
    return TableName.of(name)
        .orElseThrow(
            () -> source.error(2, "table " + quote(name), "raw, mangle, nat, filter or security"));
  }

  private void readChain(TableDraft current, LineReader line) {
    words.splitUnquoted(source, line, 1);
    if (words.size() < 2) {
      throw source.error(1, quote(line.text()), "\":CHAIN POLICY [packets:bytes]\"");
    }
    String policy = words.word(1);
    ChainDraft chain = current.chain(words, 0);
    if (chain == null) {
      String name = words.word(0);
      checkNewChain(name, words.column(0));
      if (!policy.equals("-")) {
        throw source.error(
            words.column(1),
            "policy " + policy + " of user chain " + name,
            "\"-\": only a base chain has a policy");
      }
      current.addUserChain(name);
    } else if (!chain.isBase()) {
      throw source.error(
          words.column(0), "chain \"" + chain.name() + "\" again", "each chain once");
    } else if (!policy.equals("-")) {
      Counters counters =
          words.size() > 2 ? counters(words.word(2), words.column(2)) : Counters.ZERO;
      chain.policy(policy(policy, words.column(1)), counters);
    }
  }

  private Policy policy(String text, int column) {
    return switch (text) {
      case "ACCEPT" -> Policy.ACCEPT;
      case "DROP" -> Policy.DROP;
      default -> throw source.error(column, "policy \"" + text + "\"", "ACCEPT or DROP");
    };
  }

  private void checkNewChain(String name, int column) {
    int bytes = Utf8Text.length(name);
    if (bytes > TableCommands.MAX_NAME_BYTES) {
      throw source.error(
          column,
          "chain name \"" + name + "\" of " + bytes + " bytes",
          "at most " + TableCommands.MAX_NAME_BYTES);
    }
    if (TableDraft.isVerdict(name)) {
      throw source.error(column, "chain name \"" + name + "\"", "a name that is no verdict");
    }
  }

  /** iptables-restore reads counters with {@code -c} only, and is content with any other text. */
  private Counters counters(String text, int column) {
    return CounterText.counters(text)
        .orElseGet(
            () -> {
              note(column, quote(text) + " holds no counters, read as [0:0]");
              return Counters.ZERO;
            });
  }

  private void note(int column, String text) {
    notes.add(new ReadNote(file, source.line(), column, text));
  }

  private void readCommand(TableDraft current, LineReader line) {
    Counters counters = Counters.ZERO;
    int from = 0;
    if (line.startsWith('[')) {
      String text = line.text();
      int colon = text.indexOf(':');
      from = text.indexOf(']') + 1;
      if (colon < 2 || from < colon + 3) {
        throw source.error(1, quote(text), "\"[packets:bytes]\" before a command");
      }
      counters = counters(text.substring(0, from), 1);
    }
    words.split(source, line, from);
    if (words.isQuoteOpen()) {
      note(
          words.column(words.size() - 1),
          "the quote is not closed, so the rest of the line belongs to this word");
    }
    commandLine.read(source, words, counters);
    if (!commandLine.isForOtherFamily()) {
      new TableCommands(current, commandLine).run();
    }
  }
}
