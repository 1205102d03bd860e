package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpFamily;

/**
 * How long and how widely a service remembers a client's server.
 *
 * @param timeoutSeconds how long after the client's last new connection, 1 to {@value
 *     #MAX_TIMEOUT_SECONDS}
 * @param prefixLength the leading bits of the client's address that count: 32 or 128 for each
 *     client alone
 */
public record Persistence(int timeoutSeconds, int prefixLength) {
  /** How long ipvsadm has it if {@code -p} names no time. */
  public static final int DEFAULT_TIMEOUT_SECONDS = 360;

  /** The longest time that ipvsadm takes: 31 days. */
  public static final int MAX_TIMEOUT_SECONDS = 31 * 86_400;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one is left
   */
  public Persistence {
    checkArgument(
        timeoutSeconds > 0 && timeoutSeconds <= MAX_TIMEOUT_SECONDS,
        "timeout out of range 1..%s: %s",
        MAX_TIMEOUT_SECONDS,
        timeoutSeconds);
    checkArgument(
        prefixLength >= 0 && prefixLength <= 128,
        "prefix length out of range 0..128: %s",
        prefixLength);
  }

  /** Returns persistence of each client of a family alone. */
  public static Persistence perClient(IpFamily family, int timeoutSeconds) {
    return new Persistence(timeoutSeconds, family.bits());
  }
}
