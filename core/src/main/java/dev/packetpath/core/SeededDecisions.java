package dev.packetpath.core;

/**
 * Draws each answer as a function of the seed, the packet's number, the site, and how many answers
 * the packet had before, never from a stream that packets share, so that one seed gives one result
 * on any machine. What nobody can know is answered with no.
 */
public final class SeededDecisions implements Decisions {
  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

  private final long ofSeed;
  private long ofPacket;
  private int drawsOfPacket;

  /** Creates a source for a seed. */
  public SeededDecisions(long seed) {
    this.ofSeed = mix(seed);
    this.ofPacket = mix(ofSeed);
  }

  @Override
  public void startPacket(long packetNumber) {
    this.ofPacket = mix(ofSeed + packetNumber * GOLDEN_GAMMA);
    this.drawsOfPacket = 0;
  }

  @Override
  public boolean chance(long threshold, long site) {
    return (bits(site) & 0x7fff_ffffL) < threshold;
  }

  @Override
  public int bits(long site) {
    return (int) (mix(mix(ofPacket ^ site) + ++drawsOfPacket * GOLDEN_GAMMA) >>> 32);
  }

  @Override
  public boolean unknown(long site, String question) {
    return false;
  }

  /**
   * The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number
   * Generators, 2014).
   */
  private static long mix(long value) {
    long z = (value ^ value >>> 30) * 0xbf58_476d_1ce4_e5b9L;
    z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
    return z ^ z >>> 31;
  }
}
