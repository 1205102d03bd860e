package dev.packetpath.node;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.ReadNote;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads rules as people paste them: what iptables-save prints, the part of it that they thought
 * mattered, or what {@code iptables -S} prints. What the part lacks is added: the table, chains
 * without a declaration, COMMIT; where that is a guess, it is noted. Lines may end in CR LF.
 */
public final class PastedRules {
  private PastedRules() {}

  /**
   * Returns the rules of a text.
   *
   * @param file what the text is called in errors
   * @param notes takes what was let pass or added
   * @throws SyntaxException at the first word that cannot be read, in the lines of the text
   */
  public static Ruleset read(String file, IpFamily family, String text, Consumer<ReadNote> notes) {
    if (text.contains("\r\n")) {
      notes.accept(new ReadNote(file, 1, 1, "lines that end in CR LF were read without the CR"));
      return read(file, family, text.replace("\r\n", "\n"), notes);
    }
    RestoreParser whole = new RestoreParser(file, family, ReadMode.LENIENT);
    try {
      Ruleset ruleset = parse(whole, text);
      whole.notes().forEach(notes);
      return ruleset;
    } catch (SyntaxException failure) {
      PastedText completed = PastedText.complete(file, text);
      if (!completed.changed()) {
        throw failure;
      }
      return read(file, family, completed, notes);
    }
  }

  private static Ruleset read(
      String file, IpFamily family, PastedText text, Consumer<ReadNote> notes) {
    RestoreParser parser = new RestoreParser(file, family, ReadMode.LENIENT);
    try {
      Ruleset ruleset = parse(parser, text.text());
      text.notes().forEach(notes);
      for (ReadNote note : parser.notes()) {
        notes.accept(new ReadNote(file, text.line(note.line()), note.column(), note.text()));
      }
      return ruleset.mapRules(rule -> Optional.of(renumber(rule, text)));
    } catch (SyntaxException e) {
      throw new SyntaxException(file, text.line(e.line()), e.column(), e.found(), e.expected());
    }
  }

  private static Ruleset parse(RestoreParser parser, String text) {
    try {
      return parser.read(new StringReader(text));
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Rule renumber(Rule rule, PastedText text) {
    return new Rule(
        rule.header(), rule.matches(), rule.action(), rule.counters(), text.line(rule.line()));
  }
}
