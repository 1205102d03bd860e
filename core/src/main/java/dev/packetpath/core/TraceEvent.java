package dev.packetpath.core;

import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.packet.Packet;

/** One thing that happened to a packet. Models add events of their own. */
public interface TraceEvent {
  /**
   * A packet came in from a link, or came back over the loopback device.
   *
   * @param in the device
   * @param packet the packet as it came
   */
  record Received(Device in, Packet packet) implements TraceEvent {}

  /**
   * This host sent a packet.
   *
   * @param by who sent it: a local socket, or the part of the kernel that answers
   * @param packet the packet before the first hook
   */
  record Sent(String by, Packet packet) implements TraceEvent {}

  /**
   * A function keeps the packet of its hook and sends it on from OUTPUT. What follows is told
   * before the function's verdict.
   *
   * @param by the function's name
   */
  record SentOn(String by) implements TraceEvent {}

  /**
   * The functions of a hook begin.
   *
   * @param hook the hook
   * @param in the device the packet came in by
   * @param out the device the packet is routed to
   * @param packet the packet as the first function sees it
   */
  record HookEntered(Hook hook, Device in, Device out, Packet packet) implements TraceEvent {}

  /**
   * A function did not accept, so the hook ended.
   *
   * @param hook the hook
   * @param function the function's name
   * @param verdict what it said
   */
  record HookStopped(Hook hook, String function, Verdict verdict) implements TraceEvent {}

  /**
   * A route was looked up.
   *
   * @param route the answer
   * @param why which decision this was
   */
  record Routed(Route route, String why) implements TraceEvent {}

  /**
   * The packet left on a device.
   *
   * @param out the device
   * @param packet the packet as it left
   */
  record Emitted(Device out, Packet packet) implements TraceEvent {}

  /**
   * The packet reached the local sockets.
   *
   * @param packet the packet as the socket gets it
   */
  record Delivered(Packet packet) implements TraceEvent {}

  /**
   * The packet ended here.
   *
   * @param reason why
   * @param errno what a local sender was told
   */
  record Dropped(String reason, Errno errno) implements TraceEvent {}
}
