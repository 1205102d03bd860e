package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Each draw is what the site would get alone, whoever asked before and however often. */
final class SeededDecisionsProperties {
  /** Few, so that what a packet left could be taken for another's of the same number. */
  private static final int PACKET_NUMBERS = 3;

  private static final int RULE_SHIFT = 8;
  private static final int CHAIN_SHIFT = 32;

  /** Draws of one source, and how often each site answered the packet. */
  private static final class Asked {
    private final long seed;
    private final SeededDecisions decisions;
    private final Long2IntOpenHashMap answers = new Long2IntOpenHashMap();
    private long packet;

    Asked(long seed) {
      this.seed = seed;
      this.decisions = new SeededDecisions(seed);
    }

    void startPacket(long number) {
      packet = number;
      answers.clear();
      decisions.startPacket(number);
    }

    /** Asks for bits, or for a chance that they hit or miss by one. */
    void ask(long site) {
      int number = 1 + answers.addTo(site, 1);
      int expected = alone(site, number);
      String draw = "draw %s of site %x for packet %s".formatted(number, site, packet);
      if ((number + site) % 3 != 0) {
        assertThat(decisions.bits(site)).as(draw).isEqualTo(expected);
      } else {
        boolean hits = number % 2 == 0;
        long threshold = (expected & Integer.MAX_VALUE) + (hits ? 1L : 0L);
        assertThat(decisions.chance(threshold, site)).as(draw).isEqualTo(hits);
      }
    }

    /** Asks sites one after the other, each for the same chance of 0, a part, or all. */
    void askInTurn(long site, long step, int count, int parts) {
      int[] thresholds = new int[count + 1];
      Arrays.fill(thresholds, (int) (Decisions.CHANCE_SCALE / 4 * parts));
      int refused = decisions.refusals(thresholds, 1, count, site, step);
      for (int turn = 0; turn < count && turn <= refused; turn++) {
        long asking = site + turn * step;
        long draw = alone(asking, 1 + answers.addTo(asking, 1)) & Integer.MAX_VALUE;
        boolean isBelow = draw < Integer.toUnsignedLong(thresholds[1 + turn]);
        assertThat(isBelow).as("turn %s of %x + %x", turn, site, step).isEqualTo(turn == refused);
      }
      assertThat(refused).isBetween(parts == 0 ? count : 0, count);
    }

    private int alone(long site, int number) {
      SeededDecisions fresh = new SeededDecisions(seed);
      fresh.startPacket(packet);
      for (int before = 1; before < number; before++) {
        fresh.bits(site);
      }
      return fresh.bits(site);
    }
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void anySequenceOfSites(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Asked asked = new Asked(seed);
    for (int packet = 0; packet < 30; packet++) {
      asked.startPacket(random.nextInt(PACKET_NUMBERS));
      for (int run = random.nextInt(4); run > 0; run--) {
        sites(random, 1 + random.nextInt(60)).forEach(asked::ask);
        long first = (long) random.nextInt(3) << CHAIN_SHIFT;
        asked.askInTurn(first, 1L + random.nextInt(300), random.nextInt(40), random.nextInt(5));
        asked.askInTurn(first + random.nextInt(20_000), 1, random.nextInt(9), random.nextInt(2));
      }
    }
  }

  @Property(tries = 5, shrinking = ShrinkingMode.OFF)
  void thousandsOfSitesForAPacket(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Asked asked = new Asked(seed);
    for (int packet = 0; packet < 4; packet++) {
      asked.startPacket(random.nextInt(PACKET_NUMBERS));
      sites(random, 2_000 + random.nextInt(4_000)).forEach(asked::ask);
      sites(random, 500).forEach(asked::ask);
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
    sites(random, random.nextInt(3_000)).forEach(asked::ask);
    for (int packet = 0; packet < 10_000; packet++) {
      asked.startPacket(random.nextInt(PACKET_NUMBERS));
      for (int draw = random.nextInt(3); draw > 0; draw--) {
        asked.ask(random.nextInt(200));
      }
    }
  }

  /** The same sites for the same number, after some packets that ask nothing. */
  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void whatAPacketLeftIsNeverTakenForAnothers(@ForAll long seed, @ForAll boolean afterMany) {
    SplittableRandom random = new SplittableRandom(seed);
    Asked asked = new Asked(seed);
    asked.startPacket(1);
    sites(random, afterMany ? 3_000 : 0).forEach(asked::ask);
    long[] sites = sites(random, 8).toArray();
    for (int power = 1; power <= 1 << 14; power *= 2) {
      for (int packets = power - 2; packets <= power + 2; packets++) {
        asked.startPacket(0);
        LongStream.of(sites).forEach(asked::ask);
        for (int packet = 1; packet < packets; packet++) {
          asked.startPacket(1);
        }
      }
    }
  }

  /** A draw is below a threshold that is one more, and below all that are more than any draw. */
  @Property(tries = 1_000)
  void refusalsEndWhereTheDrawIsBelow(@ForAll long seed, @ForAll long site) {
    int draw = new SeededDecisions(seed).bits(site) & Integer.MAX_VALUE;
    assertThat(refuses(seed, site, draw)).isTrue();
    assertThat(refuses(seed, site, draw + 1)).isFalse();
    assertThat(refuses(seed, site, 0xc000_0000)).isFalse();
  }

  private static boolean refuses(long seed, long site, int threshold) {
    return new SeededDecisions(seed).refusals(new int[] {threshold}, 0, 1, site, 1) == 1;
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
