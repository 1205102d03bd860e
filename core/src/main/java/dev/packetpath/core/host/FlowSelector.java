package dev.packetpath.core.host;

/**
 * What a policy rule asks of the transport header (include/net/fib_rules.h, Linux 6.18).
 *
 * @param protocol the IP protocol, 0 for any
 * @param sourcePorts the source ports
 * @param destinationPorts the destination ports
 */
public record FlowSelector(int protocol, Ports sourcePorts, Ports destinationPorts) {
  /** Nothing asked. */
  public static final FlowSelector ANY = new FlowSelector(0, Ports.ANY, Ports.ANY);

  /**
   * A range of ports.
   *
   * @param first the first, 0 to 65535; 0 for any port
   * @param last the last, 0 to 65535
   */
  public record Ports(int first, int last) {
    /** All ports, and packets that have none. */
    public static final Ports ANY = new Ports(0, 0);

    boolean contains(int port) {
      return first == 0 || (first <= port && port <= last);
    }
  }

  boolean holds(RouteQuery.Flow flow) {
    return (protocol == 0 || protocol == flow.protocol())
        && sourcePorts.contains(flow.sourcePort())
        && destinationPorts.contains(flow.destinationPort());
  }
}
