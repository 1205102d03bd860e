package dev.packetpath.conntrack;

/**
 * What was seen of one end of a TCP connection ({@code struct ip_ct_tcp_state}, Linux 6.1).
 * Sequence numbers and windows are unsigned.
 */
final class TcpPeer {
  /** The highest sequence number sent, plus one. */
  int end;

  /** The highest sequence number that the other end allows. */
  int maxEnd;

  /** The largest window announced, scaled; 0 before the first segment. */
  int maxWindow;

  /** The highest acknowledgment sent. */
  int maxAck;

  /** By how many bits windows are scaled. */
  int scale;

  boolean windowScale;
  boolean sackPermitted;
  boolean liberal;
  boolean maxAckSet;
  boolean dataUnacknowledged;

  /** This end sent the first FIN. */
  boolean closeInitiated;

  /** Forgets all but whether this end is let through whatever it sends. */
  void reset() {
    end = 0;
    maxEnd = 0;
    maxWindow = 0;
    maxAck = 0;
    scale = 0;
    clearFlags();
  }

  private void clearFlags() {
    windowScale = false;
    sackPermitted = false;
    maxAckSet = false;
    dataUnacknowledged = false;
    closeInitiated = false;
  }

  /** Takes over what the options of a SYN say; without any option nothing changes. */
  void readOptions(byte[] options) {
    if (options.length == 0) {
      return;
    }
    scale = 0;
    clearFlags();
    TcpOptions.readSyn(options, this);
  }
}
