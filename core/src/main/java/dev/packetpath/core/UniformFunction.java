package dev.packetpath.core;

import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.host.PathRecording;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;

/** A hook function that does the same, and nothing but count, for many packets. */
public interface UniformFunction extends HookFunction {
  /**
   * Returns what this function does for each packet that is like one: of the same family, on the
   * same hook and of the same devices, with the same mark, and without a connection, or the first
   * of one with the same ends translated. Empty if it does anything else for some of them, or does
   * not let them go on.
   *
   * <p>The effect comes later, for many packets at once: who reads what it counts asks for it by
   * {@link PathRecording#tell} first. The answer holds until somebody calls {@link
   * PathRecording#forget}.
   */
  Optional<PathEffect> effectOn(Packet packet, HookState state);
}
