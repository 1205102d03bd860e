package dev.packetpath.iptables;

/** How rules are walked. Verdicts, counters, work and traces are the same. */
public enum Walk {
  /** Over the compiled form: only the rules that may match are looked at. */
  COMPILED,
  /** Rule by rule, as the kernel does: the algorithm that the other is held against. */
  REFERENCE
}
