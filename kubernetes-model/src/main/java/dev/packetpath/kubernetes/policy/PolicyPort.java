package dev.packetpath.kubernetes.policy;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.kubernetes.ServiceProtocol;

/**
 * The ports that a rule of a NetworkPolicy allows.
 *
 * @param protocol their protocol
 * @param first the first of their numbers, 0 if they have a name
 * @param last the last of their numbers, 0 if they have a name
 * @param name their name in the Pods, empty for numbers
 */
public record PolicyPort(ServiceProtocol protocol, int first, int last, String name) {
  private static final int MAX = 0xffff;

  /** Checks the numbers. */
  public PolicyPort {
    checkArgument(
        name.isEmpty() ? first >= 1 && first <= last && last <= MAX : first == 0 && last == 0,
        "ports %s to %s \"%s\"",
        first,
        last,
        name);
  }

  /** Returns all ports of a protocol. */
  public static PolicyPort all(ServiceProtocol protocol) {
    return new PolicyPort(protocol, 1, MAX, "");
  }

  /** Returns the port of a name. */
  public static PolicyPort named(ServiceProtocol protocol, String name) {
    return new PolicyPort(protocol, 0, 0, name);
  }

  /** Returns whether these are all ports of the protocol. */
  public boolean isAll() {
    return first == 1 && last == MAX;
  }
}
