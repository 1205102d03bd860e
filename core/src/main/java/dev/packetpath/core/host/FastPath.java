package dev.packetpath.core.host;

import dev.packetpath.core.packet.Packet;

/**
 * Takes packets past the hooks whose functions are known to do the same for them as for one before
 * (as net/netfilter/nf_flow_table_ip.c does, Linux 6.1, but with the same outcome in all that can
 * be seen).
 */
public interface FastPath {
  /** Takes no packet. */
  FastPath NONE =
      new FastPath() {
        @Override
        public RecordedPath take(Packet packet, Device in) {
          return RecordedPath.NONE;
        }

        @Override
        public void recorded(Packet packet, RecordedPath path) {}

        @Override
        public void notRecorded() {}
      };

  /**
   * Does for a packet that came in what the functions of the hooks would do to it and to its
   * connection, and returns the path that it takes; does nothing and returns {@link
   * RecordedPath#NONE} if that is not known. It may then {@link PathRecording#begin}.
   */
  RecordedPath take(Packet packet, Device in);

  /**
   * Takes note of the path that was recorded while a packet went over the hooks, one that is {@link
   * PathRecording#isClosed} if its way is not that of its kind.
   *
   * @param packet the packet as it leaves
   */
  void recorded(Packet packet, RecordedPath path);

  /** Takes note that the last packet of which recording began did not leave. */
  void notRecorded();
}
