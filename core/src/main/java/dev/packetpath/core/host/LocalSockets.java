package dev.packetpath.core.host;

/** How the host's own sockets answer a packet that is delivered to them. */
public enum LocalSockets {
  /** Nobody answers. */
  NONE,
  /** Every TCP port is closed: the kernel answers with a RST. */
  RST
}
