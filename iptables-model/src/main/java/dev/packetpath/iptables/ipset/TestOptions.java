package dev.packetpath.iptables.ipset;

/**
 * What {@code -m set} may ask for beside membership.
 *
 * @param returnNomatch whether a hit on a {@code nomatch} element counts as member, and a hit on
 *     any other as none; without effect on types that have no such elements
 * @param updateCounters whether a hit counts in the element
 * @param updateSubcounters whether a hit counts in the elements of a list's members
 * @param packets a comparison with the packets of the element, the present one included; without
 *     effect on sets without counters
 * @param bytes the same for bytes
 */
public record TestOptions(
    boolean returnNomatch,
    boolean updateCounters,
    boolean updateSubcounters,
    CounterTest packets,
    CounterTest bytes) {
  /** Membership alone. */
  public static final TestOptions DEFAULT =
      new TestOptions(false, true, true, CounterTest.NONE, CounterTest.NONE);

  /** Returns whether what elements counted is asked for. */
  public boolean comparesCounters() {
    return packets.operator() != CounterTest.Operator.NONE
        || bytes.operator() != CounterTest.Operator.NONE;
  }
}
