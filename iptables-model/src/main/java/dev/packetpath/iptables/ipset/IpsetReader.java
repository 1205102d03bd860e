package dev.packetpath.iptables.ipset;

import com.google.common.collect.ImmutableMap;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Reads the text of {@code ipset save} or {@code ipset restore}, one command a line. Memory grows
 * with the number of sets, not of elements.
 *
 * <p>What an element looks like depends on the set, so the reader follows which sets there are.
 * Names are not resolved: addresses are numeric, ports numeric or of a few well-known services.
 *
 * <p>Source: ipset 7.17, src/ipset.c and lib/ipset.c.
 */
public final class IpsetReader {
  private static final ImmutableMap<String, String> SHORT_COMMANDS =
      ImmutableMap.<String, String>builder()
          .put("-N", "create")
          .put("n", "create")
          .put("-A", "add")
          .put("-D", "del")
          .put("-T", "test")
          .put("-X", "destroy")
          .put("x", "destroy")
          .put("-F", "flush")
          .put("-E", "rename")
          .put("e", "rename")
          .put("-W", "swap")
          .put("w", "swap")
          .buildOrThrow();

  private static final String COMMANDS =
      "create, add, del, test, flush, destroy, rename, swap or COMMIT";

  private final String file;
  private final boolean exist;
  private final Map<String, SetSpec> known = new HashMap<>();

  /**
   * Creates a reader.
   *
   * @param file what the text is called in messages
   * @param exist whether {@code -exist} is given for all lines
   */
  public IpsetReader(String file, boolean exist) {
    this.file = file;
    this.exist = exist;
  }

  /** Tells of a set that is there before the text. */
  public void know(SetSpec spec) {
    known.put(spec.name(), spec);
  }

  /**
   * Reads to the end and hands on each command.
   *
   * <p>An {@link IpsetException} of the action is thrown on as a {@code SyntaxException} that names
   * the line.
   *
   * @throws dev.packetpath.core.SyntaxException at the first line that is wrong
   * @throws IOException if the reader fails
   */
  public void read(Reader reader, Consumer<IpsetCommand> action) throws IOException {
    BufferedReader lines = new BufferedReader(reader);
    int number = 0;
    for (String text = lines.readLine(); text != null; text = lines.readLine()) {
      number++;
      if (!text.stripLeading().startsWith("#")) {
        IpsetLine line = new IpsetLine(file, number, text);
        if (!line.isBlank()) {
          readLine(line, action);
        }
      }
    }
  }

  private void readLine(IpsetLine line, Consumer<IpsetCommand> action) {
    IpsetCommand command = command(line);
    if (line.hasNext()) {
      line.next("");
      throw line.here("the end of the line");
    }
    try {
      action.accept(command);
    } catch (IpsetException e) {
      boolean element =
          command instanceof IpsetCommand.Add
              || command instanceof IpsetCommand.Delete
              || command instanceof IpsetCommand.Test;
      int word = element && e.error() != IpsetError.NO_SET ? 2 : 1;
      throw line.refused(word, e.error().message(), e.error().expected());
    }
    follow(command);
  }

  private IpsetCommand command(IpsetLine line) {
    String word = line.next(COMMANDS);
    boolean existing = exist || line.exist();
    switch (fullName(word)) {
      case "create" -> {
        return new IpsetCommand.Create(CreateReader.read(line), existing);
      }
      case "add" -> {
        SetSpec spec = set(line);
        return new IpsetCommand.Add(spec.name(), EntryReader.readAdd(line, spec), existing);
      }
      case "del" -> {
        SetSpec spec = set(line);
        return new IpsetCommand.Delete(spec.name(), EntryReader.readDelete(line, spec), existing);
      }
      case "test" -> {
        SetSpec spec = set(line);
        return new IpsetCommand.Test(spec.name(), EntryReader.readTest(line, spec));
      }
      case "flush" -> {
        return new IpsetCommand.Flush(line.hasNext() ? set(line).name() : "");
      }
      case "destroy" -> {
        return new IpsetCommand.Destroy(line.hasNext() ? set(line).name() : "");
      }
      case "rename" -> {
        String from = set(line).name();
        return new IpsetCommand.Rename(from, CreateReader.readName(line));
      }
      case "swap" -> {
        String first = set(line).name();
        return new IpsetCommand.Swap(first, set(line).name());
      }
      default -> throw line.here(COMMANDS);
    }
  }

  /** The command that a word stands for: its name, its beginning, or a short form. */
  private static String fullName(String word) {
    String shortCommand = SHORT_COMMANDS.getOrDefault(word, "");
    if (!shortCommand.isEmpty()) {
      return shortCommand;
    }
    for (String name :
        new String[] {"create", "add", "del", "test", "destroy", "flush", "rename", "swap"}) {
      if (!word.isEmpty() && name.startsWith(word)) {
        return name;
      }
    }
    return "";
  }

  private SetSpec set(IpsetLine line) {
    String name = line.next("the name of a set");
    SetSpec spec = known.get(name);
    if (spec == null) {
      throw line.here("the name of a set that exists");
    }
    return spec;
  }

  private void follow(IpsetCommand command) {
    if (command instanceof IpsetCommand.Create create) {
      known.putIfAbsent(create.spec().name(), create.spec());
    } else if (command instanceof IpsetCommand.Destroy destroy) {
      if (destroy.set().isEmpty()) {
        known.clear();
      } else {
        known.remove(destroy.set());
      }
    } else if (command instanceof IpsetCommand.Rename rename) {
      SetSpec spec = known.remove(rename.from());
      if (spec != null) {
        known.put(rename.to(), spec.withName(rename.to()));
      }
    } else if (command instanceof IpsetCommand.Swap swap) {
      Map<String, SetSpec> before = new LinkedHashMap<>(known);
      SetSpec first = before.get(swap.first());
      SetSpec second = before.get(swap.second());
      if (first != null && second != null) {
        known.put(swap.first(), second.withName(swap.first()));
        known.put(swap.second(), first.withName(swap.second()));
      }
    }
  }
}
