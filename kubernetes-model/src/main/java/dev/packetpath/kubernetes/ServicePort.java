package dev.packetpath.kubernetes;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;

/**
 * One port of a Service and the endpoints behind it.
 *
 * @param name its name, empty for an only port without one
 * @param protocol its protocol
 * @param port its port, 1 to 65535
 * @param nodePort its port on every node, 0 for none
 * @param endpoints its endpoints, of both families
 */
public record ServicePort(
    String name,
    ServiceProtocol protocol,
    int port,
    int nodePort,
    ImmutableList<Endpoint> endpoints) {
  /** Checks the ports. */
  public ServicePort {
    checkArgument(port > 0 && port <= 0xffff, "service port: %s", port);
    checkArgument(nodePort >= 0 && nodePort <= 0xffff, "node port: %s", nodePort);
  }
}
