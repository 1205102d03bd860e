package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.math.BigInteger;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Each number is what the site would get alone, whoever asked before and however often; chances
 * that a chain asks for share one.
 */
final class SeededDecisionsProperties {
  /** Few, so that what a packet left could be taken for another's of the same number. */
  private static final int PACKET_NUMBERS = 3;

  private static final int RULE_SHIFT = 8;
  private static final int CHAIN_SHIFT = 32;
  private static final BigInteger SCALE = BigInteger.valueOf(Decisions.CHANCE_SCALE);
  private static final BigInteger LEAST_LEFT = BigInteger.ONE.shiftLeft(32);

  /** What one source answers, and what it is to answer. */
  private static final class Asked {
    private final long seed;
    private final SeededDecisions decisions;
    private final Long2IntOpenHashMap answers = new Long2IntOpenHashMap();
    private long packet;

    // What is left of the number that the last chances shared, from the first of those that are
    // left on; and which site asked for the last of them.
    private BigInteger above = BigInteger.ZERO;
    private BigInteger left = BigInteger.ZERO;
    private long asked;

    Asked(long seed) {
      this.seed = seed;
      this.decisions = new SeededDecisions(seed);
    }

    void startPacket(long number) {
      packet = number;
      answers.clear();
      left = BigInteger.ZERO;
      decisions.startPacket(number);
    }

    /** Asks for bits, or for a chance that is certain, hit or missed by one, or any other. */
    void ask(long site, long threshold) {
      if (site % 3 != 0) {
        int expected = (int) (alone(site, 1 + answers.addTo(site, 1)) >>> 32);
        assertThat(decisions.bits(site))
            .as("bits of site %x, packet %s", site, packet)
            .isEqualTo(expected);
      } else {
        boolean expected = expect(threshold, site);
        assertThat(decisions.chance(threshold, site))
            .as("chance %s of site %x, packet %s", threshold, site, packet)
            .isEqualTo(expected);
      }
    }

    /** Asks sites one after the other. */
    void askInTurn(long site, long step, int... thresholds) {
      int expected = 0;
      while (expected < thresholds.length
          && !expect(Integer.toUnsignedLong(thresholds[expected]), site + expected * step)) {
        expected++;
      }
      assertThat(decisions.refusals(Chances.of(thresholds), site, step))
          .as("%s chances of %x + %x, packet %s", thresholds.length, site, step, packet)
          .isEqualTo(expected);
    }

    private boolean expect(long threshold, long site) {
      if (threshold == 0 || threshold == Decisions.CHANCE_SCALE) {
        return threshold > 0;
      }
      boolean shares = site > asked && site >> CHAIN_SHIFT == asked >> CHAIN_SHIFT;
      if (!shares || left.compareTo(LEAST_LEFT) < 0) {
        above = BigInteger.valueOf(alone(site, 1 + answers.addTo(site, 1)) >>> 2);
        left = BigInteger.ONE.shiftLeft(62);
      }
      asked = site;
      BigInteger part = left.multiply(BigInteger.valueOf(threshold)).divide(SCALE);
      boolean has = above.compareTo(part) < 0;
      above = has ? above : above.subtract(part);
      left = has ? part : left.subtract(part);
      return has;
    }

    private long alone(long site, int number) {
      SeededDecisions fresh = new SeededDecisions(seed);
      fresh.startPacket(packet);
      for (int before = 1; before < number; before++) {
        fresh.bits(site);
      }
      return fresh.draw(site);
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void anySequenceOfSites(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Asked asked = new Asked(seed);
    for (int packet = 0; packet < 30; packet++) {
      asked.startPacket(random.nextInt(PACKET_NUMBERS));
      for (int run = random.nextInt(4); run > 0; run--) {
        ask(asked, sites(random, 1 + random.nextInt(60)), random);
        long first = (long) random.nextInt(3) << CHAIN_SHIFT;
        asked.askInTurn(first, 1L + random.nextInt(300), thresholds(random, 40));
        asked.askInTurn(first + random.nextInt(20_000), 1, thresholds(random, 9));
        asked.askInTurn(first - random.nextInt(20), 1, thresholds(random, 40)); // of two chains
      }
    }
  }

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void thousandsOfSitesForAPacket(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Asked asked = new Asked(seed);
    for (int packet = 0; packet < 4; packet++) {
      asked.startPacket(random.nextInt(PACKET_NUMBERS));
      ask(asked, sites(random, 2_000 + random.nextInt(4_000)), random);
      ask(asked, sites(random, 500), random);
    }
  }

  /** Two of these sites have the first 32 bits of their hashes in common. */
  @Example
  void sitesOfNearlyTheSameHash() {
    thousandsOfSitesForAPacket(-1_032_068_868L);
  }

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void thousandsOfPackets(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Asked asked = new Asked(seed);
    asked.startPacket(0);
    ask(asked, sites(random, random.nextInt(3_000)), random);
    for (int packet = 0; packet < 10_000; packet++) {
      asked.startPacket(random.nextInt(PACKET_NUMBERS));
      for (int draw = random.nextInt(3); draw > 0; draw--) {
        asked.ask(random.nextInt(200), threshold(random));
      }
    }
  }

  /** The same sites for the same number, after some packets that ask nothing. */
  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void whatAPacketLeftIsNeverTakenForAnothers(@ForAll long seed, @ForAll boolean afterMany) {
    SplittableRandom random = new SplittableRandom(seed);
    Asked asked = new Asked(seed);
    asked.startPacket(1);
    ask(asked, sites(random, afterMany ? 3_000 : 0), random);
    long[] sites = sites(random, 8).toArray();
    for (int power = 1; power <= 1 << 14; power *= 2) {
      for (int packets = power - 2; packets <= power + 2; packets++) {
        asked.startPacket(0);
        ask(asked, LongStream.of(sites), random);
        for (int packet = 1; packet < packets; packet++) {
          asked.startPacket(1);
        }
      }
    }
  }

  /** A number has a chance that is as large as it and one more, and no smaller one. */
  @Property(tries = 1_000)
  void refusalsEndWhereTheNumberIsBelow(@ForAll long seed, @ForAll long site) {
    int number = (int) (new SeededDecisions(seed).draw(site) >>> 33);
    assertThat(refuses(seed, site, number)).isTrue();
    assertThat(refuses(seed, site, number + 1)).isFalse();
    assertThat(refuses(seed, site, Integer.MIN_VALUE)).isFalse();
  }

  private static boolean refuses(long seed, long site, int threshold) {
    return new SeededDecisions(seed).refusals(Chances.of(threshold), site, 1) == 1;
  }

  private static void ask(Asked asked, LongStream sites, SplittableRandom random) {
    sites.forEach(site -> asked.ask(site, threshold(random)));
  }

  private static int[] thresholds(SplittableRandom random, int most) {
    boolean isChoice = random.nextBoolean();
    int count = random.nextInt(most);
    return IntStream.range(0, count)
        .mapToLong(i -> isChoice ? Decisions.CHANCE_SCALE / (count - i + 1) : threshold(random))
        .mapToInt(threshold -> (int) threshold)
        .toArray();
  }

  /** Returns certain, very small and very large thresholds more often than others. */
  private static long threshold(SplittableRandom random) {
    long some = random.nextLong(1, 1L << random.nextInt(1, 31));
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> Decisions.CHANCE_SCALE;
      case 2, 3 -> some;
      case 4, 5 -> Decisions.CHANCE_SCALE - some;
      default -> random.nextLong(Decisions.CHANCE_SCALE);
    };
  }

  private static LongStream sites(SplittableRandom random, int count) {
    long chain = random.nextLong() << CHAIN_SHIFT;
    long step = random.nextBoolean() ? 1L << RULE_SHIFT : random.nextLong();
    int few = 1 + random.nextInt(5);
    return switch (random.nextInt(5)) {
      case 0 -> LongStream.range(0, count).map(i -> chain + i * step);
      case 1 -> LongStream.range(0, count).map(i -> chain + (count - i) * step);
      case 2 -> LongStream.generate(() -> chain + random.nextInt(few) * step).limit(count);
      case 3 -> LongStream.generate(() -> (long) random.nextInt(3) << CHAIN_SHIFT).limit(count);
      default -> LongStream.generate(() -> random.nextInt(2 * count) * step).limit(count);
    };
  }
}
