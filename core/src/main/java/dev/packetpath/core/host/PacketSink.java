package dev.packetpath.core.host;

import dev.packetpath.core.packet.Packet;

/**
 * Receives the packets that come out of a host. The packet is the caller's: copy what must last.
 */
public interface PacketSink {
  /** Drops all that comes out. */
  PacketSink NOWHERE =
      new PacketSink() {
        @Override
        public void emitted(Device out, Packet packet) {}

        @Override
        public void delivered(Packet packet) {}
      };

  /** A packet left on a device. */
  void emitted(Device out, Packet packet);

  /** A packet survived all hooks on its way to a local socket. */
  void delivered(Packet packet);
}
