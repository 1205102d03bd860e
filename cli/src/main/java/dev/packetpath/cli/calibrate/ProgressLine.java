package dev.packetpath.cli.calibrate;

import com.google.common.base.Strings;
import java.io.PrintWriter;

/** A line on a terminal that says how far it is; nothing where nobody looks. */
public final class ProgressLine implements MeasurementProgress, AutoCloseable {
  private static final int BAR = 30;
  private static final int WIDTH = 78;

  private final PrintWriter terminal;
  private final boolean watched = Machine.hasTerminal();

  /** Creates one. */
  public ProgressLine(PrintWriter terminal) {
    this.terminal = terminal;
  }

  @Override
  public void at(double share, String doing) {
    int done = (int) Math.round(share * BAR);
    write(
        "["
            + "#".repeat(done)
            + ".".repeat(BAR - done)
            + "] "
            + Strings.padStart(Math.round(share * 100) + "%", 4, ' ')
            + "  "
            + doing);
  }

  @Override
  public void close() {
    write("");
    write("\r");
  }

  private void write(String line) {
    if (watched) {
      terminal.print("\r" + Strings.padEnd(line, WIDTH, ' '));
      terminal.flush();
    }
  }
}
