package dev.packetpath.ipvs;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.core.net.IpFamily;

/**
 * How long and how widely a service remembers a client's server.
 *
 * @param timeoutSeconds how long after the client's last new connection, 1 or more
 * @param prefixLength the leading bits of the client's address that count: 32 or 128 for each
 *     client alone
 */
public record Persistence(int timeoutSeconds, int prefixLength) {
  /** How long ipvsadm has it if {@code -p} names no time. */
  public static final int DEFAULT_TIMEOUT_SECONDS = 300;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one is left
   */
  public Persistence {
    checkArgument(timeoutSeconds > 0, "timeout is 1 second or more, found %s", timeoutSeconds);
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
