package dev.packetpath.conntrack.capacity;

import java.util.Arrays;
import java.util.List;

/** Which share of the entries of each hold has survived since the start. */
final class Survival {
  private static final double SMALLEST = 1e-100;

  private final double[] shares = new double[Timeline.Hold.values().length];

  Survival() {
    Arrays.fill(shares, 1);
  }

  double of(Timeline.Hold hold) {
    return shares[hold.ordinal()];
  }

  /** Takes so many of the living entries of a hold, each as likely as another. */
  void lose(Timeline.Hold hold, double alive, double lost) {
    if (lost > 0 && alive > 0) {
      shares[hold.ordinal()] *= Math.max(1e-9, 1 - lost / alive);
    }
  }

  /** Begins anew before the shares are too small to divide by. */
  void rescale(List<ProfileForecast> profiles) {
    for (Timeline.Hold hold : Timeline.Hold.values()) {
      double share = of(hold);
      if (share < SMALLEST) {
        profiles.forEach(profile -> profile.rescale(hold, share));
        shares[hold.ordinal()] = 1;
      }
    }
  }
}
