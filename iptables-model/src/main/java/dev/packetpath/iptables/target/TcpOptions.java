package dev.packetpath.iptables.target;

/** Steps through the options of a TCP header as the kernel's targets do. */
final class TcpOptions {
  static final int NOP = 1;
  static final int MSS = 2;
  static final int MSS_BYTES = 4;

  private TcpOptions() {}

  /** Returns the bytes of the option at a place, at least 1; the place is not the last byte. */
  static int lengthAt(byte[] options, int at) {
    int length = options[at + 1] & 0xff;
    return (options[at] & 0xff) <= NOP || length == 0 ? 1 : length;
  }
}
