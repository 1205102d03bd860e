package dev.packetpath.nftables;

import java.io.IOException;
import java.io.Writer;
import java.util.Locale;

/**
 * Writes changes to a table as commands, one a line, as {@code nft -f -} reads them in one
 * transaction. Not safe for use by several threads.
 */
public final class NftCommands {
  private final NftTable table;
  private final Writer out;

  /** Creates a writer of changes to a table. */
  public NftCommands(NftTable table, Writer out) {
    this.table = table;
    this.out = out;
  }

  private void command(String command) throws IOException {
    out.write(command + "\n");
  }

  private String at(String name) {
    return table.familyWord() + " " + table.name() + " " + name;
  }

  /** Adds the table. */
  public void addTable() throws IOException {
    command("add table " + table.familyWord() + " " + table.name());
  }

  /** Adds a chain without its rules. */
  public void addChain(NftChain chain) throws IOException {
    String base =
        chain
            .base()
            .map(
                at ->
                    " { type "
                        + at.type()
                        + " hook "
                        + at.hook().name().toLowerCase(Locale.ROOT)
                        + " priority "
                        + at.priority()
                        + " ; }")
            .orElse("");
    command("add chain " + at(chain.name()) + base);
  }

  /** Takes all rules out of a chain. */
  public void flushChain(String chain) throws IOException {
    command("flush chain " + at(chain));
  }

  /** Deletes a chain. */
  public void deleteChain(String chain) throws IOException {
    command("delete chain " + at(chain));
  }

  /** Adds the rules of a chain behind those that are there; returns how many. */
  public int addRules(NftChain chain) throws IOException {
    for (NftRule rule : chain.rules().get()) {
      command("add rule " + at(chain.name()) + " " + NftText.text(rule));
    }
    return chain.rules().get().size();
  }

  /** Adds a set or map without its elements. */
  public void addSet(NftSet set) throws IOException {
    String type = String.join(" . ", set.keyTypes());
    String dynamic =
        set.timeoutSeconds() > 0
            ? " ; flags dynamic,timeout ; timeout " + set.timeoutSeconds() + "s"
            : "";
    String verdict = set.isMap() ? " : verdict" : "";
    command(
        "add " + word(set) + " " + at(set.name()) + " { type " + type + verdict + dynamic + " ; }");
  }

  private static String word(NftSet set) {
    return set.isMap() ? "map" : "set";
  }

  /** Takes all elements out of a set or map. */
  public void flushSet(NftSet set) throws IOException {
    command("flush " + word(set) + " " + at(set.name()));
  }

  /** Deletes a set or map. */
  public void deleteSet(NftSet set) throws IOException {
    command("delete " + word(set) + " " + at(set.name()));
  }

  /** Adds an element to a set. */
  public void addElement(NftSet set, Expression element) throws IOException {
    command("add element " + at(set.name()) + " { " + NftText.text(element) + " }");
  }

  /** Adds an element to a map. */
  public void addElement(NftSet map, Statement.Case element) throws IOException {
    command("add element " + at(map.name()) + " { " + NftText.text(element) + " }");
  }

  /** Deletes the element of a key from a set or map. */
  public void deleteElement(NftSet set, Expression key) throws IOException {
    command("delete element " + at(set.name()) + " { " + NftText.text(key) + " }");
  }
}
