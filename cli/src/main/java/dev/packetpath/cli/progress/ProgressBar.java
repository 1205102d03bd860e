package dev.packetpath.cli.progress;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** One line on a terminal that tells how far long work is; nothing elsewhere. Thread-safe. */
public final class ProgressBar implements AutoCloseable {
  private static final int WIDTH = 30;
  private static final String ERASE = "\r\u001b[K";
  private static final long QUIET_NS = 100_000_000;

  private final PrintWriter out;
  private final boolean visible;
  private final LongSupplier clockNs;
  private long startNs;
  private long shownNs;
  private double share;
  private int steps;

  /**
   * Begins.
   *
   * @param visible whether {@code out} is a terminal
   * @param clockNs tells the time in nanoseconds
   */
  public ProgressBar(PrintWriter out, boolean visible, LongSupplier clockNs) {
    this.out = out;
    this.visible = visible;
    this.clockNs = clockNs;
    this.startNs = clockNs.getAsLong();
    this.shownNs = startNs - QUIET_NS;
  }

  /** Begins on standard error, which is a terminal if the launcher says so: Java cannot tell. */
  public static ProgressBar on(PrintWriter standardError) {
    return new ProgressBar(
        standardError, Boolean.getBoolean("packetpath.terminal"), System::nanoTime);
  }

  /**
   * Tells that one more step of so many is done.
   *
   * @param what the work
   */
  public synchronized void step(int total, String what) {
    steps++;
    at((double) steps / total, what);
  }

  /**
   * Tells how far the work is; where it is less far than before, other work has begun.
   *
   * @param done how much is done, from 0 to 1
   * @param what the work
   */
  public synchronized void at(double done, String what) {
    long now = clockNs.getAsLong();
    if (done < share) {
      startNs = now;
    }
    share = done;
    if (!visible || (now - shownNs < QUIET_NS && done < 1)) {
      return;
    }
    shownNs = now;
    int filled = (int) (WIDTH * done);
    out.print(
        String.format(
            Locale.ROOT,
            "%s[%s%s] %3.0f%%  %s%s",
            ERASE,
            "#".repeat(filled),
            "-".repeat(WIDTH - filled),
            100 * done,
            what,
            remaining(now)));
    out.flush();
  }

  private String remaining(long now) {
    double left = share > 0 ? (now - startNs) / 1e9 * (1 - share) / share : 0;
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
