package dev.packetpath.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line on a terminal that tells how far long work is; nothing elsewhere. Thread-safe. */
final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final String ERASE = "\r\u001b[K";
  private static final long QUIET_NS = 100_000_000;

  private final PrintWriter out;
  private final boolean visible;
  private final int total;
  private final LongSupplier clockNs;
  private final long startNs;
  private long shownNs;
  private int done;

  /**
   * Begins work of that many steps.
   *
   * @param visible whether {@code out} is a terminal
   * @param clockNs tells the time in nanoseconds
   */
  ProgressBar(PrintWriter out, boolean visible, int total, LongSupplier clockNs) {
    this.out = out;
    this.visible = visible;
    this.total = total;
    this.clockNs = clockNs;
    this.startNs = clockNs.getAsLong();
    this.shownNs = startNs - QUIET_NS;
  }

  /** Returns whether standard error is a terminal: the launcher looks, Java cannot. */
  static boolean onTerminal() {
    return Boolean.getBoolean("packetpath.terminal");
  }

  /** Tells that one more step is done. */
  synchronized void step(String what) {
    done++;
    long now = clockNs.getAsLong();
    if (!visible || (now - shownNs < QUIET_NS && done < total)) {
      return;
    }
    shownNs = now;
    int filled = WIDTH * done / total;
    out.print(
        String.format(
            Locale.ROOT,
            "%s[%s%s] %d/%d  %s%s",
            ERASE,
            "#".repeat(filled),
            "-".repeat(WIDTH - filled),
            done,
            total,
            what,
            remaining(now)));
    out.flush();
  }

  private String remaining(long now) {
    double left = (now - startNs) / 1e9 * (total - done) / done;
    return left < 1 ? "" : String.format(Locale.ROOT, "  about %.0f s left", Math.ceil(left));
  }

  /** Takes the line away. */
  @Override
  public synchronized void close() {
    if (visible) {
      out.print(ERASE);
      out.flush();
    }
  }
}
