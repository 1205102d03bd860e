package dev.packetpath.iptables;

import dev.packetpath.core.net.IpAddress;

/** What a target is to the compiled walk, which runs the known forms itself. */
public sealed interface TargetForm {
  /** The form of a target that is known by its function alone. */
  TargetForm FUNCTION = new Function();

  /** The port of {@link SendTo} that stands for each packet's own. */
  int OWN_PORT = -1;

  /** Known by its function alone. */
  record Function() implements TargetForm {}

  /**
   * Sends connections to one address and port, as kube-proxy's rules for endpoints do ({@link
   * dev.packetpath.conntrack.Nat#sendTo}): it stands in the code of its rule, for of 100,000 such
   * targets none is in the processor's cache.
   *
   * @param address the address
   * @param port the port, or {@link #OWN_PORT}
   */
  record SendTo(IpAddress address, int port) implements TargetForm {}
}
