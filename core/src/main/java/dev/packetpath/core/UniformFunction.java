package dev.packetpath.core;

import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;

/** A hook function that does the same, and nothing but count, for many packets. */
public interface UniformFunction extends HookFunction {
  /**
   * Returns what this function does for each packet that is like one: on the same hook and of the
   * same devices, with the same mark, of a connection in the same state with the same ends
   * translated. Empty if it does anything else for some of them, or does not let them go on.
   *
   * <p>The answer holds until somebody calls {@link dev.packetpath.core.host.PathRecording#forget}.
   */
  Optional<PathEffect> effectOn(Packet packet, HookState state);
}
