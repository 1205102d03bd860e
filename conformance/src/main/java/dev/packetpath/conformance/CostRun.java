package dev.packetpath.conformance;

import com.google.common.collect.ImmutableList;
import dev.packetpath.cli.calibrate.Calibration;
import dev.packetpath.cli.calibrate.ConnectComparison;
import dev.packetpath.cli.calibrate.MeasurementProgress;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.IOException;
import java.io.PrintStream;

/**
 * Compares what cost profiles say of connections through kube-proxy's rules with what they take on
 * this kernel, at numbers of Services that no profile was made from.
 */
final class CostRun {
  /** How many Services there are where predictions are held to the kernel. */
  static final ImmutableList<Integer> HELD_OUT = ImmutableList.of(30, 300, 2_000, 3_000, 7_000);

  /** By how much predictions may be wrong in the mean. */
  static final double TOLERANCE = 0.15;

  private static final String SHIPPED = "linux-6.18";

  private final PrintStream out;
  private final MeasurementProgress progress;

  CostRun(PrintStream out, MeasurementProgress progress) {
    this.out = out;
    this.progress = progress;
  }

  /** Returns a profile that is measured now, at other numbers of Services. */
  Profile calibrated() throws IOException {
    return Calibration.here(
        Profiles.shipped(SHIPPED), "calibrated", Calibration.ROUNDS, Calibration.COUNTS, progress);
  }

  /**
   * Prints what profiles say beside what the kernel takes.
   *
   * @return whether the first profile is right within the tolerance
   */
  boolean agrees(ImmutableList<Profile> profiles, int rounds) throws IOException {
    ConnectComparison comparison = ConnectComparison.measure(HELD_OUT, rounds, progress);
    out.println(
        "us that connect() takes from a Pod to one of so many Services: the 5th percentile of "
            + rounds
            + " interleaved rounds, in the mean over 200 Services");
    for (Profile profile : profiles) {
      out.println();
      out.print(comparison.table(profile));
    }
    return comparison.meanError(profiles.get(0)) <= TOLERANCE;
  }
}
