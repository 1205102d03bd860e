package dev.packetpath.ipvs.plain;

/** SipHash-1-3 of four bytes, as its paper tells it, of which the lower half is taken. */
final class PlainSipHash {
  private long a;
  private long b;
  private long c;
  private long d;

  private PlainSipHash(long key) {
    a = key ^ 0x736f6d6570736575L;
    b = key ^ 0x646f72616e646f6dL;
    c = key ^ 0x6c7967656e657261L;
    d = key ^ 0x7465646279746573L;
  }

  /** Returns the hash under a key of twice the same word. */
  static int of(int word, long key) {
    PlainSipHash hash = new PlainSipHash(key);
    long block = 4L << 56 | Integer.toUnsignedLong(word);
    hash.d ^= block;
    hash.round();
    hash.a ^= block;
    hash.c ^= 0xff;
    hash.round();
    hash.round();
    hash.round();
    return (int) (hash.a ^ hash.b ^ hash.c ^ hash.d);
  }

  private void round() {
    a += b;
    b = Long.rotateLeft(b, 13) ^ a;
    a = Long.rotateLeft(a, 32);
    c += d;
    d = Long.rotateLeft(d, 16) ^ c;
    a += d;
    d = Long.rotateLeft(d, 21) ^ a;
    c += b;
    b = Long.rotateLeft(b, 17) ^ c;
    c = Long.rotateLeft(c, 32);
  }
}
