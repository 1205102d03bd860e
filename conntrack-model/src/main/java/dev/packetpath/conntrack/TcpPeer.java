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

  /** The end's windows are scaled. */
  static final int WINDOW_SCALE = 1 << 4;

  static final int SACK_PERMITTED = 1 << 5;

  /** Whatever this end sends is let through. */
  static final int LIBERAL = 1 << 6;

  /** The highest acknowledgment is known. */
  static final int MAX_ACK_SET = 1 << 7;

  static final int DATA_UNACKNOWLEDGED = 1 << 8;

  /** This end sent the first FIN. */
  static final int CLOSE_INITIATED = 1 << 9;

  static final int SCALE_MASK = 0xf;

  // Where the ints stand in a row, from the first of the end's.
  static final int END = 0;
  static final int MAX_END = 1;
  static final int MAX_WINDOW = 2;
  static final int MAX_ACK = 3;

  /** The highest sequence number sent, plus one. */
  int end;

  /** The highest sequence number that the other end allows. */
  int maxEnd;

  /** The largest window announced, scaled; 0 before the first segment. */
  int maxWindow;

  /** The highest acknowledgment sent. */
  int maxAck;

  private int flags;

  /** Returns by how many bits windows are scaled, 0 to 14. */
  int scale() {
    return flags & SCALE_MASK;
  }

  /** Sets by how many bits windows are scaled. */
  void scale(int bits) {
    flags = (flags & ~SCALE_MASK) | bits;
  }

  /** Returns whether a flag is set. */
  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Sets some flags. */
  void set(int more) {
    flags |= more;
  }

  /** Clears some flags. */
  void clear(int fewer) {
    flags &= ~fewer;
  }

  /** Forgets all but whether this end is let through whatever it sends. */
  void reset() {
    end = 0;
    maxEnd = 0;
    maxWindow = 0;
    maxAck = 0;
    flags &= LIBERAL;
  }

  /** Takes over what the options of a SYN say; without any option nothing changes. */
  void readOptions(byte[] options) {
    if (options.length == 0) {
      return;
    }
    flags &= LIBERAL;
    TcpOptions.readSyn(options, this);
  }

  /** Takes over the ints of a connection's row that begin at a place, and flags. */
  void load(int[] row, int at, int flags) {
    end = row[at + END];
    maxEnd = row[at + MAX_END];
    maxWindow = row[at + MAX_WINDOW];
    maxAck = row[at + MAX_ACK];
    flags(flags);
  }

  /** Puts all but the flags into the ints of a connection's row that begin at a place. */
  void store(int[] row, int at) {
    row[at + END] = end;
    row[at + MAX_END] = maxEnd;
    row[at + MAX_WINDOW] = maxWindow;
    row[at + MAX_ACK] = maxAck;
  }

  /** Returns the scale and the flags in {@link #FLAG_BITS} bits. */
  int flags() {
    return flags;
  }

  /** Takes over the scale and the flags; higher bits do not matter. */
  void flags(int scaleAndFlags) {
    flags = scaleAndFlags & ((1 << FLAG_BITS) - 1);
  }
}
