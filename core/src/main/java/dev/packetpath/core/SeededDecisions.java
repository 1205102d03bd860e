package dev.packetpath.core;

import java.util.Arrays;

/**
 * Draws each answer as a function of the seed, the packet's number, the site, and how many answers
 * the site gave the packet before, never from a stream that packets or rules share: one seed gives
 * one result on any machine, and a rule more leaves the draws of the others as they are. What
 * nobody can know is answered with no.
 */
public final class SeededDecisions implements Decisions {
  private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

  private static final int PACKET_SHIFT = 20;
  private static final int HASH_SHIFT = 32;
  private static final long LAST_PACKET = (1L << (HASH_SHIFT - PACKET_SHIFT)) - 1;
  private static final long OF_PACKET = LAST_PACKET << PACKET_SHIFT;
  private static final long OF_HASH = -1L << HASH_SHIFT;
  private static final long OF_ANSWERS = (1L << PACKET_SHIFT) - 1;

  private final long ofSeed;
  private long ofPacket;

  /**
   * How often each site answered: a hash table with linear probing, at most half full of sites that
   * answered this packet. A word has from the top 32 bits of the site's hash, 12 bits of the packet
   * for which the place was used last, and 20 bits of answers; it is free for any other packet.
   */
  private long[] answers = new long[32];

  /** Which packet this is in {@link #answers}, from 1, in its place there. */
  private long packet;

  private int sites;

  /**
   * The sites that this packet asked, while each was greater than those before and so had not
   * answered yet: one comparison tells that, where {@link #answers} has to be searched. The rules
   * of a chain draw in this order.
   */
  private long[] ascending = new long[16];

  private int ascents;
  private long greatest;

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
    if (packet == OF_PACKET) {
      Arrays.fill(answers, 0);
      packet = 0;
    }
    packet += 1L << PACKET_SHIFT;
  }

  @Override
  public boolean chance(long threshold, long site) {
    return (bits(site) & 0x7fff_ffffL) < threshold;
  }

  @Override
  public int bits(long site) {
    if (site <= greatest) {
      return bitsOfAny(site);
    }
    if (ascents == ascending.length) {
      ascending = Arrays.copyOf(ascending, 2 * ascents);
    }
    ascending[ascents++] = site;
    greatest = site;
    return answer(mix(ofPacket ^ site), 1);
  }

  /** Answers a site that may have answered this packet. */
  private int bitsOfAny(long site) {
    while (ascents > 0) {
      count(mix(ofPacket ^ ascending[--ascents]));
    }
    long hash = mix(ofPacket ^ site);
    return answer(hash, count(hash));
  }

  /** Counts an answer of the site of a hash; returns how many it gave this packet. */
  private long count(long hash) {
    long first = (hash & OF_HASH) | packet | 1;
    int place = placeOf(first);
    if ((answers[place] & OF_PACKET) == packet) {
      return ++answers[place] & OF_ANSWERS;
    }
    answers[place] = first;
    if (++sites > answers.length / 2) {
      grow();
    }
    return 1;
  }

  private static int answer(long hash, long number) {
    return (int) (mix(hash + number * GOLDEN_GAMMA) >>> 32);
  }

  /** Returns the place of a word, whatever its answers: where it is, or is to be put. */
  private int placeOf(long wanted) {
    int last = answers.length - 1;
    int place = (int) (wanted >>> HASH_SHIFT) & last;
    while ((answers[place] & OF_PACKET) == packet && ((answers[place] ^ wanted) & OF_HASH) != 0) {
      place = (place + 1) & last;
    }
    return place;
  }

  private void grow() {
    long[] before = answers;
    answers = new long[2 * before.length];
    for (long word : before) {
      if ((word & OF_PACKET) == packet) {
        answers[placeOf(word)] = word;
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
