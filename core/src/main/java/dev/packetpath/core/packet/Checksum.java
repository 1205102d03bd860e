package dev.packetpath.core.packet;

/** The Internet checksum, RFC 1071. */
final class Checksum {
  private Checksum() {}

  /** Adds the 16-bit words of a range, the last byte padded with 0, to a running sum. */
  static long add(long sum, byte[] bytes, int from, int to) {
    long total = sum;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      total += (bytes[i] & 0xff) << 8 | low;
    }
    return total;
  }

  /** Folds a running sum and returns its complement in 16 bits. */
  static int finish(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) (~folded & 0xffff);
  }
}
