package dev.packetpath.cli;

import com.google.common.base.Strings;
import java.util.ArrayList;
import java.util.List;

/** Lines of a path, some of them in columns that are aligned at the end. */
final class Columns {
  private static final int WIDEST = 44;

  private final List<Line> lines = new ArrayList<>();
  private final String margin;
  private final Palette palette;

  /** A line: a label, and either a place, a count and a text in columns, or only text. */
  private record Line(Kind kind, String label, String place, String passed, String text) {
    boolean inColumns() {
      return kind == Kind.RULE;
    }
  }

  private enum Kind {
    LINE,
    ROW,
    RULE
  }

  Columns(String margin, Palette palette) {
    this.margin = margin;
    this.palette = palette;
  }

  /** Adds a line without columns; the text may be painted. */
  void line(String text) {
    lines.add(new Line(Kind.LINE, "", "", "", text));
  }

  /** Adds a line of what happened at a hook; the text may be painted. */
  void row(String label, String text) {
    lines.add(new Line(Kind.ROW, label, "", "", text));
  }

  /** Adds a line about a place in a table. */
  void rule(String label, String place, int passed, String text) {
    lines.add(new Line(Kind.RULE, label, place, passed == 0 ? "" : passed + " passed", text));
  }

  void writeTo(StringBuilder out) {
    int label = lines.stream().mapToInt(line -> line.label().length()).max().orElse(0);
    int place =
        Math.min(
            WIDEST,
            lines.stream()
                .filter(Line::inColumns)
                .mapToInt(l -> l.place().length())
                .max()
                .orElse(0));
    int passed =
        lines.stream().filter(Line::inColumns).mapToInt(l -> l.passed().length()).max().orElse(0);
    for (Line line : lines) {
      out.append(margin);
      if (line.inColumns()) {
        out.append("  ").append(Strings.padEnd(line.label(), label, ' ')).append("  ");
        out.append(Strings.padEnd(line.place(), place, ' ')).append("  ");
        if (passed > 0) {
          out.append(palette.dim(Strings.padStart(line.passed(), passed, ' '))).append("  ");
        }
      } else if (line.kind() == Kind.ROW) {
        out.append("  ").append(Strings.padEnd(line.label(), label, ' ')).append("  ");
      }
      out.append(line.text()).append('\n');
    }
  }
}
