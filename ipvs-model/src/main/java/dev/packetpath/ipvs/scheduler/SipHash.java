package dev.packetpath.ipvs.scheduler;

/**
 * SipHash-1-3 of one 32-bit word (Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012),
 * cut to 32 bits, as 64-bit kernels compute {@code hsiphash} (lib/siphash.c, Linux 6.1).
 */
final class SipHash {
  private static final long MESSAGE_BYTES = 4;

  private SipHash() {}

  /** Returns the hash of a word under a key of two 64-bit words that are both {@code key}. */
  static int hash(int word, long key) {
    long v0 = 0x736f_6d65_7073_6575L ^ key;
    long v1 = 0x646f_7261_6e64_6f6dL ^ key;
    long v2 = 0x6c79_6765_6e65_7261L ^ key;
    long v3 = 0x7465_6462_7974_6573L ^ key;
    long block = MESSAGE_BYTES << 56 | (word & 0xffff_ffffL);
    v3 ^= block;
    // One round for the block, then three: unrolled into a loop of four.
    for (int round = 0; round < 4; round++) {
      if (round == 1) {
        v0 ^= block;
        v2 ^= 0xff;
      }
      v0 += v1;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v3;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 += v3;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 += v1;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v2 = Long.rotateLeft(v2, 32);
    }
    return (int) (v0 ^ v1 ^ v2 ^ v3);
  }
}
