package dev.packetpath.iptables.syntax;

import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Target;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The matches and the target of the rule that is being read, in the order they were loaded. */
final class LoadedExtensions {
  private final List<Extension<Match>> matches = new ArrayList<>();
  private final List<Extension<?>> takingOptions = new ArrayList<>();
  private @Nullable Extension<Target> target;
  private int[] lastColumns = new int[0];

  void clear() {
    matches.clear();
    takingOptions.clear();
    target = null;
  }

  /**
   * Adds a match. One that is loaded again takes the place of its first load among those that
   * options are looked for in, since iptables merges the options of a name once only.
   */
  void add(Extension<Match> match) {
    matches.add(match);
    for (int i = 0; i < takingOptions.size(); i++) {
      if (match.isModelled() && takingOptions.get(i).name().equals(match.name())) {
        takingOptions.set(i, match);
        return;
      }
    }
    takingOptions.add(match);
  }

  /** Adds a match that takes no options. */
  void addText(Extension<Match> match) {
    matches.add(match);
  }

  void target(Extension<Target> newTarget) {
    target = newTarget;
    takingOptions.add(newTarget);
  }

  List<Extension<Match>> matches() {
    return matches;
  }

  @Nullable Extension<Target> target() {
    return target;
  }

  /** Returns those in which options are looked for, the one loaded last last. */
  List<Extension<?>> takingOptions() {
    return takingOptions;
  }

  /** Returns the one loaded last. */
  @Nullable Extension<?> last() {
    return takingOptions.isEmpty() ? null : takingOptions.get(takingOptions.size() - 1);
  }

  /** Returns the one loaded last if it is not modelled, and so takes whatever follows. */
  @Nullable Extension<?> lastUnmodelled() {
    Extension<?> last = last();
    return last == null || last.isModelled() ? null : last;
  }

  boolean hasMatch(String name) {
    for (Extension<Match> each : matches) {
      if (each.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns the columns of the matches, and of the action behind them: often those of the rule
   * before, and then the same array.
   */
  int[] columns(int actionColumn) {
    int count = matches.size();
    int[] columns = lastColumns;
    boolean same = columns.length == count + 1 && columns[count] == actionColumn;
    for (int i = 0; same && i < count; i++) {
      same = columns[i] == matches.get(i).column();
    }
    if (same) {
      return columns;
    }
    columns = new int[count + 1];
    for (int i = 0; i < count; i++) {
      columns[i] = matches.get(i).column();
    }
    columns[count] = actionColumn;
    lastColumns = columns;
    return columns;
  }
}
