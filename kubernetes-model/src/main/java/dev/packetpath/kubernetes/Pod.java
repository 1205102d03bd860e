package dev.packetpath.kubernetes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;

/**
 * A Pod.
 *
 * @param namespace its namespace
 * @param name its name
 * @param node the name of its node, empty if it has none yet
 * @param hostNetwork whether it uses its node's addresses
 * @param addresses its addresses
 * @param labels its labels
 * @param ports its named ports
 */
public record Pod(
    String namespace,
    String name,
    String node,
    boolean hostNetwork,
    ImmutableList<IpAddress> addresses,
    ImmutableMap<String, String> labels,
    ImmutableList<NamedPort> ports) {
  /**
   * A port of a container that has a name.
   *
   * @param name the name
   * @param protocol its protocol
   * @param number its number
   */
  public record NamedPort(String name, ServiceProtocol protocol, int number) {}
}
