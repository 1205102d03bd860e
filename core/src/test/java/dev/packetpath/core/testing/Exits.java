package dev.packetpath.core.testing;

import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.packet.Packet;
import java.util.function.BiConsumer;

/**
 * Tells one listener of every packet that comes out.
 *
 * @param listener takes the name of the device, or {@code local}, and the packet, which is its own
 *     only until it returns
 */
public record Exits(BiConsumer<String, Packet> listener) implements PacketSink {
  @Override
  public void emitted(Device out, Packet packet) {
    listener.accept(out.name(), packet);
  }

  @Override
  public void delivered(Packet packet) {
    listener.accept("local", packet);
  }
}
