package dev.packetpath.core.cost;

/** How a figure was come by. */
public enum Provenance {
  /** Measured on the machine and kernel that the profile names. */
  MEASURED,
  /** Computed from other measurements, such as counts of instructions. */
  DERIVED,
  /** Chosen so that published results come out. */
  FITTED,
  /** A guess, with its reason. */
  ASSUMED
}
