package dev.packetpath.ipvs;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.function.Function;

/** Reads a state machine that is written down as rows of two-letter names. */
final class TransitionTable {
  private static final Splitter WORDS = Splitter.onPattern("\\s+").omitEmptyStrings();

  private TransitionTable() {}

  /** Returns the number of the next state by row and column. */
  static byte[][] read(String text, Function<String, ? extends Enum<?>> state) {
    List<String> rows = text.lines().toList();
    byte[][] table = new byte[rows.size()][];
    for (int row = 0; row < table.length; row++) {
      List<String> cells = WORDS.splitToList(rows.get(row));
      table[row] = new byte[cells.size()];
      for (int column = 0; column < cells.size(); column++) {
        table[row][column] = (byte) state.apply(cells.get(column)).ordinal();
      }
    }
    return table;
  }
}
