package dev.packetpath.conntrack;

/**
 * The 32-bit hash lookup3 of Bob Jenkins (May 2006, public domain,
 * http://burtleburtle.net/bob/c/lookup3.c) over whole words, as the kernel's jhash2 starts it.
 */
public final class JenkinsHash {
  private static final int START = 0xdead_beef;

  private int a;
  private int b;
  private int c;

  private JenkinsHash(int start) {
    this.a = start;
    this.b = start;
    this.c = start;
  }

  /** Returns the hash of words, which differs for each initial value. */
  public static int hash(int[] words, int initial) {
    JenkinsHash hash = new JenkinsHash(START + (words.length << 2) + initial);
    int at = 0;
    while (words.length - at > 3) {
      hash.a += words[at];
      hash.b += words[at + 1];
      hash.c += words[at + 2];
      hash.mix();
      at += 3;
    }
    int left = words.length - at;
    if (left == 0) {
      return hash.c;
    }
    hash.a += words[at];
    hash.b += left > 1 ? words[at + 1] : 0;
    hash.c += left > 2 ? words[at + 2] : 0;
    return finished(hash.a, hash.b, hash.c);
  }

  /** Returns the hash of three words (the kernel's jhash_3words), without allocation. */
  public static int threeWords(int first, int second, int third, int initial) {
    int start = START + (3 << 2) + initial;
    return finished(start + first, start + second, start + third);
  }

  /** Returns the hash of four words, without allocation. */
  public static int fourWords(int first, int second, int third, int fourth, int initial) {
    int start = START + (4 << 2) + initial;
    JenkinsHash hash = new JenkinsHash(start);
    hash.a += first;
    hash.b += second;
    hash.c += third;
    hash.mix();
    return finished(hash.a + fourth, hash.b, hash.c);
  }

  private static int finished(int first, int second, int third) {
    int a = first;
    int b = second;
    int c = (third ^ b) - Integer.rotateLeft(b, 14);
    a = (a ^ c) - Integer.rotateLeft(c, 11);
    b = (b ^ a) - Integer.rotateLeft(a, 25);
    c = (c ^ b) - Integer.rotateLeft(b, 16);
    a = (a ^ c) - Integer.rotateLeft(c, 4);
    b = (b ^ a) - Integer.rotateLeft(a, 14);
    return (c ^ b) - Integer.rotateLeft(b, 24);
  }

  private void mix() {
    a = (a - c) ^ Integer.rotateLeft(c, 4);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 6);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 8);
    b += a;
    a = (a - c) ^ Integer.rotateLeft(c, 16);
    c += b;
    b = (b - a) ^ Integer.rotateLeft(a, 19);
    a += c;
    c = (c - b) ^ Integer.rotateLeft(b, 4);
    b += a;
  }
}
