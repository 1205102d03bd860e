package dev.packetpath.core;

import java.util.Arrays;

/**
 * Draws numbers as a function of the seed, the packet's number, the site, and how many numbers the
 * site drew for the packet before, never from a stream that packets or rules share: one seed gives
 * one result on any machine. What nobody can know is answered with no.
 *
 * <p>Chances that a packet asks for at one site after the other, whose numbers agree in their upper
 * 32 bits, as those of a chain's rules do, share one number, see {@link Chances}; a chance that is
 * certain takes none. So a choice among ten endpoints takes one number, and a rule more leaves the
 * draws of other chains as they are, unless it draws between two rules of such a chain.
 */
public final class SeededDecisions implements Decisions {
  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

  private static final int PACKET_SHIFT = 20;
  private static final int HASH_SHIFT = 32;
  private static final int CHAIN_SHIFT = 32;
  private static final long OF_DRAWS = (1L << PACKET_SHIFT) - 1;

  private final long ofSeed;
  private long ofPacket;

  /**
   * The sites that drew: a hash table with linear probing, at most half full of such as drew for
   * this packet.
   */
  private long[] drawing = new long[32];

  /**
   * How often the site of the same place drew, in 20 bits; above them the packet for which the
   * place was used last. It is free for any other packet.
   */
  private long[] draws = new long[32];

  /** Which packet this is in {@link #draws}, from 1, in its place there. */
  private long packet;

  private int sites;

  /**
   * The sites that drew for this packet, while each was greater than those before and so had not
   * drawn yet: one comparison tells that, where {@link #draws} has to be searched.
   */
  private long[] ascending = new long[16];

  private int ascents;

  private long greatest;

  // The number that chances share: it is one of those that are left.
  private long number;
  private long firstLeft;
  private long left;

  /** The site that asked for the last such chance, {@link Long#MAX_VALUE} if none did. */
  private long asked;

  /** Creates a source for a seed. */
  public SeededDecisions(long seed) {
    this.ofSeed = mix(seed);
    startPacket(0);
  }

  @Override
  public void startPacket(long packetNumber) {
    ofPacket = mix(ofSeed + packetNumber * GOLDEN_GAMMA);
    sites = 0;
    ascents = 0;
    greatest = Long.MIN_VALUE;
    asked = Long.MAX_VALUE;
    packet += 1L << PACKET_SHIFT;
  }

  @Override
  public boolean chance(long threshold, long site) {
    if (!Chances.isUncertain(threshold)) {
      return threshold > 0;
    }
    if (!sharesNumber(site)) {
      number = draw(site) >>> 2;
      firstLeft = 0;
      left = Chances.NUMBERS;
    }
    asked = site;
    long part = Chances.part(left, threshold);
    boolean has = number - firstLeft < part;
    if (has) {
      left = part;
    } else {
      firstLeft += part;
      left -= part;
    }
    return has;
  }

  private boolean sharesNumber(long site) {
    return site > asked && isOfSameChain(site, asked) && left >= Chances.LEAST_LEFT;
  }

  private static boolean isOfSameChain(long site, long other) {
    return site >>> CHAIN_SHIFT == other >>> CHAIN_SHIFT;
  }

  @Override
  public int refusals(Chances chances, long site, long step) {
    if (!chances.takesOneNumber()
        || sharesNumber(site)
        || !isOfSameChain(site, site + chances.size() * step)) {
      return Decisions.super.refusals(chances, site, step);
    }
    number = draw(site) >>> 2;
    int refused = chances.refusals(number);
    firstLeft = chances.begin(refused);
    left = chances.begin(refused + 1) - firstLeft;
    asked = site + Math.min(refused, chances.size() - 1) * step;
    return refused;
  }

  @Override
  public int bits(long site) {
    return (int) (draw(site) >>> 32);
  }

  /** Returns 64 random bits. */
  long draw(long site) {
    if (site <= greatest) {
      return drawOfAny(site);
    }
    ascend(site);
    greatest = site;
    return first(site);
  }

  /** Mixes once: what a site is mixed with is a mix itself. Its later numbers are mixed again. */
  private long first(long site) {
    return mix(ofPacket ^ site);
  }

  private void ascend(long site) {
    if (ascents == ascending.length) {
      ascending = Arrays.copyOf(ascending, 2 * ascents);
    }
    ascending[ascents++] = site;
  }

  /** Draws for a site that may have drawn for this packet. */
  private long drawOfAny(long site) {
    while (ascents > 0) {
      count(ascending[--ascents]);
    }
    long place = count(site);
    return place == 1 ? first(site) : mix(first(site) + place * GOLDEN_GAMMA);
  }

  /** Counts a draw of a site; returns how many it made for this packet. */
  private long count(long site) {
    int place = placeOf(site);
    if (isTaken(place)) {
      return ++draws[place] & OF_DRAWS;
    }
    drawing[place] = site;
    draws[place] = packet | 1;
    if (++sites > draws.length / 2) {
      grow();
    }
    return 1;
  }

  private boolean isTaken(int place) {
    return (draws[place] & ~OF_DRAWS) == packet;
  }

  /** Returns the place of a site: where it is, or is to be put. */
  private int placeOf(long site) {
    int last = draws.length - 1;
    int place = (int) (mix(ofPacket ^ site) >>> HASH_SHIFT) & last;
    while (isTaken(place) && drawing[place] != site) {
      place = (place + 1) & last;
    }
    return place;
  }

  private void grow() {
    long[] sitesBefore = drawing;
    long[] drawsBefore = draws;
    drawing = new long[2 * sitesBefore.length];
    draws = new long[2 * drawsBefore.length];
    for (int i = 0; i < drawsBefore.length; i++) {
      if ((drawsBefore[i] & ~OF_DRAWS) == packet) {
        int place = placeOf(sitesBefore[i]);
        drawing[place] = sitesBefore[i];
        draws[place] = drawsBefore[i];
      }
    }
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
