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
  private static final long OF_ANSWERS = (1L << PACKET_SHIFT) - 1;

  private final long ofSeed;
  private long ofPacket;

  /**
   * The sites that answered: a hash table with linear probing, at most half full of such as
   * answered this packet.
   */
  private long[] answering = new long[32];

  /**
   * How often the site of the same place answered, in 20 bits; above them the packet for which the
   * place was used last. It is free for any other packet.
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

  // Further such sites, which were asked in turn: the first, how far the next is, how many.
  private long firstInTurn;
  private long step;
  private int turns;

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
    turns = 0;
    greatest = Long.MIN_VALUE;
    packet += 1L << PACKET_SHIFT;
  }

  @Override
  public boolean chance(long threshold, long site) {
    return isBelow(bits(site), (int) threshold);
  }

  /**
   * Spares asking of each site whether it answered this packet before, and a conversion of each
   * threshold; 272 instructions for a choice among ten endpoints.
   */
  @Override
  public int refusals(int[] thresholds, int from, int count, long site, long step) {
    if (site <= greatest) {
      return Decisions.super.refusals(thresholds, from, count, site, step);
    }
    long asking = site;
    int refused = 0;
    while (refused < count && !isBelow(firstAnswer(asking), thresholds[from + refused])) {
      asking += step;
      refused++;
    }
    ascendInTurn();
    this.firstInTurn = site;
    this.step = step;
    this.turns = Math.min(refused + 1, count);
    greatest = Math.max(greatest, site + (turns - 1) * step);
    return refused;
  }

  /** Notes one by one the sites that were asked in turn. */
  private void ascendInTurn() {
    for (int turn = 0; turn < turns; turn++) {
      ascend(firstInTurn + turn * step);
    }
    turns = 0;
  }

  @Override
  public int bits(long site) {
    if (site <= greatest) {
      return bitsOfAny(site);
    }
    ascend(site);
    greatest = site;
    return firstAnswer(site);
  }

  /** Compares 31 bits with an unsigned threshold, which the loop above does not make a long. */
  private static boolean isBelow(int bits, int threshold) {
    return (bits | Integer.MIN_VALUE) < (threshold ^ Integer.MIN_VALUE);
  }

  /** Mixes once: what a site is mixed with is a mix itself. Later answers of the site mix again. */
  private int firstAnswer(long site) {
    return (int) (mix(ofPacket ^ site) >>> 32);
  }

  private void ascend(long site) {
    if (ascents == ascending.length) {
      ascending = Arrays.copyOf(ascending, 2 * ascents);
    }
    ascending[ascents++] = site;
  }

  /** Answers a site that may have answered this packet. */
  private int bitsOfAny(long site) {
    ascendInTurn();
    while (ascents > 0) {
      count(ascending[--ascents]);
    }
    long number = count(site);
    return number == 1
        ? firstAnswer(site)
        : (int) (mix(mix(ofPacket ^ site) + number * GOLDEN_GAMMA) >>> 32);
  }

  /** Counts an answer of a site; returns how many it gave this packet. */
  private long count(long site) {
    int place = placeOf(site);
    if (isTaken(place)) {
      return ++answers[place] & OF_ANSWERS;
    }
    answering[place] = site;
    answers[place] = packet | 1;
    if (++sites > answers.length / 2) {
      grow();
    }
    return 1;
  }

  private boolean isTaken(int place) {
    return (answers[place] & ~OF_ANSWERS) == packet;
  }

  /** Returns the place of a site: where it is, or is to be put. */
  private int placeOf(long site) {
    int last = answers.length - 1;
    int place = (int) (mix(ofPacket ^ site) >>> HASH_SHIFT) & last;
    while (isTaken(place) && answering[place] != site) {
      place = (place + 1) & last;
    }
    return place;
  }

  private void grow() {
    long[] sitesBefore = answering;
    long[] answersBefore = answers;
    answering = new long[2 * sitesBefore.length];
    answers = new long[2 * answersBefore.length];
    for (int i = 0; i < answersBefore.length; i++) {
      if ((answersBefore[i] & ~OF_ANSWERS) == packet) {
        int place = placeOf(sitesBefore[i]);
        answering[place] = sitesBefore[i];
        answers[place] = answersBefore[i];
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
