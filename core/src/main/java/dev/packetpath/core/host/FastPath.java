package dev.packetpath.core.host;

import dev.packetpath.core.packet.Packet;
import java.util.List;

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
   * Reads what {@link #take} will wait for, of several packets at once. As with {@link
   * dev.packetpath.core.HookFunction#lookAhead}, which packets come is a guess, and nothing changes
   * that can be seen.
   *
   * @param burst packets that came together; the list is somebody else's once this returns
   * @param from the first one that this is about
   * @param end the one behind the last
   * @return whether it will probably take them all; then the hook functions do not look ahead
   */
  default boolean lookAhead(List<Packet> burst, int from, int end) {
    return false;
  }

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
