package dev.packetpath.ipvs;

import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.IpvsInfo.Method;

/** What ip_vs tells the trace. */
public sealed interface IpvsEvent extends TraceEvent {
  /**
   * A packet from a client goes to a real server.
   *
   * @param created whether the connection is new
   * @param service the virtual address and port of the connection
   * @param server the real server's address
   * @param serverPort the real server's port as the connection has it
   * @param method how the packet gets there
   * @param state the connection's state after the packet
   */
  record Forwarded(
      boolean created,
      String service,
      IpAddress server,
      int serverPort,
      Method method,
      String state)
      implements IpvsEvent {}

  /**
   * A packet from a real server gets the virtual address.
   *
   * @param virtualAddress the virtual address
   * @param virtualPort the virtual port
   * @param state the connection's state after the packet
   */
  record Answered(IpAddress virtualAddress, int virtualPort, String state) implements IpvsEvent {}

  /**
   * ip_vs ends a packet.
   *
   * @param reason why
   */
  record Refused(String reason) implements IpvsEvent {}
}
