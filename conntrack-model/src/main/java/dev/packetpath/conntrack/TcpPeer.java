package dev.packetpath.conntrack;

/**
 * What was seen of one end of a TCP connection ({@code struct ip_ct_tcp_state}, Linux 6.1).
 * Sequence numbers and windows are unsigned.
 */
final class TcpPeer {
  /** How many ints of a row an end takes beside its flags. */
  static final int INTS = 4;

  /** How many bits the flags take. */
  static final int FLAG_BITS = 10;

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

  /** Takes over the ints of a connection's row that begin at a place, and flags. */
  void load(int[] row, int at, int flags) {
    end = row[at];
    maxEnd = row[at + 1];
    maxWindow = row[at + 2];
    maxAck = row[at + 3];
    flags(flags);
  }

  /** Puts all but the flags into the ints of a connection's row that begin at a place. */
  void store(int[] row, int at) {
    row[at] = end;
    row[at + 1] = maxEnd;
    row[at + 2] = maxWindow;
    row[at + 3] = maxAck;
  }

  /** Returns the scale, 0 to 14, and the flags in {@link #FLAG_BITS} bits. */
  int flags() {
    return scale
        | (windowScale ? 1 << 4 : 0)
        | (sackPermitted ? 1 << 5 : 0)
        | (liberal ? 1 << 6 : 0)
        | (maxAckSet ? 1 << 7 : 0)
        | (dataUnacknowledged ? 1 << 8 : 0)
        | (closeInitiated ? 1 << 9 : 0);
  }

  /** Takes over the scale and the flags; higher bits do not matter. */
  void flags(int flags) {
    scale = flags & 0xf;
    windowScale = (flags & 1 << 4) != 0;
    sackPermitted = (flags & 1 << 5) != 0;
    liberal = (flags & 1 << 6) != 0;
    maxAckSet = (flags & 1 << 7) != 0;
    dataUnacknowledged = (flags & 1 << 8) != 0;
    closeInitiated = (flags & 1 << 9) != 0;
  }
}
