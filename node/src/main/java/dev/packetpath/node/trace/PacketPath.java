package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.packet.Packet;

/**
 * The way of one packet through the hooks.
 *
 * @param origin the device it came in by, or who sent it
 * @param received whether it came in by a device
 * @param start the packet before the first hook
 * @param stages what it met, in order
 * @param end what became of it
 */
public record PacketPath(
    String origin, boolean received, Packet start, ImmutableList<Stage> stages, PathEnd end) {
  /** Something on the way. */
  public sealed interface Stage {
    /**
     * A hook.
     *
     * @param entered the event of entering it
     * @param steps what happened there
     */
    record AtHook(TraceEvent.HookEntered entered, ImmutableList<HookStep> steps) implements Stage {}

    /**
     * A routing decision.
     *
     * @param routed the event
     */
    record Routed(TraceEvent.Routed routed) implements Stage {}

    /**
     * The packet came back in by the loopback device.
     *
     * @param received the event
     */
    record Looped(TraceEvent.Received received) implements Stage {}
  }

  /** Returns all table walks of this packet, in order. */
  public ImmutableList<HookStep.TableWalk> walks() {
    return stages.stream()
        .filter(Stage.AtHook.class::isInstance)
        .flatMap(stage -> ((Stage.AtHook) stage).steps().stream())
        .filter(HookStep.TableWalk.class::isInstance)
        .map(HookStep.TableWalk.class::cast)
        .collect(ImmutableList.toImmutableList());
  }
}
