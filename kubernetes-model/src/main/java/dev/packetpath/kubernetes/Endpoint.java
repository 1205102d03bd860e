package dev.packetpath.kubernetes;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;

/**
 * One endpoint of one port of a Service, as an EndpointSlice tells it.
 *
 * @param address its address
 * @param port its port, 1 to 65535
 * @param node the name of its node, empty if unknown
 * @param condition whether it is ready, serving, terminating
 * @param hints the zones and nodes that should use it
 */
public record Endpoint(IpAddress address, int port, String node, Condition condition, Hints hints) {
  /** Checks the port. */
  public Endpoint {
    checkArgument(port > 0 && port <= 0xffff, "endpoint port: %s", port);
  }

  /** Returns a ready endpoint without hints. */
  public static Endpoint ready(IpAddress address, int port, String node) {
    return new Endpoint(address, port, node, Condition.READY, Hints.NONE);
  }

  /** Returns whether it is ready and meant for everyone. */
  public boolean isPlain() {
    return condition.ready() && hints.zones().isEmpty() && hints.nodes().isEmpty();
  }

  /** Returns {@code address:port}, an IPv6 address in brackets. */
  public String hostPort() {
    return address.family() == IpFamily.IPV6 ? "[" + address + "]:" + port : address + ":" + port;
  }

  /**
   * What is known of an endpoint's health.
   *
   * @param ready whether it takes new connections
   * @param serving whether it answers, terminating or not
   * @param terminating whether its Pod is being deleted
   */
  public record Condition(boolean ready, boolean serving, boolean terminating) {
    /** The condition of most endpoints. */
    public static final Condition READY = new Condition(true, true, false);

    /** Returns whether it answers although its Pod is being deleted. */
    public boolean servesWhileTerminating() {
      return serving && terminating;
    }
  }

  /**
   * Who should use an endpoint.
   *
   * @param zones the zones, empty for no hint
   * @param nodes the nodes, empty for no hint
   */
  public record Hints(ImmutableSet<String> zones, ImmutableSet<String> nodes) {
    /** No hint. */
    public static final Hints NONE = new Hints(ImmutableSet.of(), ImmutableSet.of());
  }
}
