package dev.packetpath.cli.calibrate;

/** Who is told how far a measurement is. */
@FunctionalInterface
public interface MeasurementProgress {
  /**
   * Takes note.
   *
   * @param share how much is done, from 0 to 1
   * @param doing what is done now
   */
  void at(double share, String doing);
}
