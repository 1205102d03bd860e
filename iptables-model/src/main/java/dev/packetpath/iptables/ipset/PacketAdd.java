package dev.packetpath.iptables.ipset;

/**
 * How {@code SET --add-set} adds.
 *
 * @param exist {@code --exist}: whether an element already there gets its timeout and counters anew
 * @param timeoutSeconds {@code --timeout}, or {@link SetEntry#UNSET} for the set's default; without
 *     effect on sets without timeouts
 */
public record PacketAdd(boolean exist, long timeoutSeconds) {
  /** Without {@code --exist} and {@code --timeout}. */
  public static final PacketAdd DEFAULT = new PacketAdd(false, SetEntry.UNSET);
}
