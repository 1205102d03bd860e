package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SeededDecisionsTest {
  @Test
  void oneSeedGivesOneResult() {
    assertThat(draw(7, 3, 11)).isEqualTo(draw(7, 3, 11));
    assertThat(draw(7, 3, 11)).isNotEqualTo(draw(8, 3, 11));
    assertThat(draw(7, 3, 11)).isNotEqualTo(draw(7, 4, 11));
    assertThat(draw(7, 3, 11)).isNotEqualTo(draw(7, 3, 12));
  }

  @Test
  void aSiteThatAsksAgainGetsAnotherDraw() {
    SeededDecisions decisions = new SeededDecisions(1);
    decisions.startPacket(0);
    assertThat(IntStream.range(0, 1_000).map(draw -> decisions.bits(5)).distinct()).hasSize(1_000);
  }

  @Test
  void drawsDoNotDependOnOtherSites() {
    SeededDecisions decisions = new SeededDecisions(1);
    decisions.startPacket(4);
    for (int site = 0; site < 1_000; site++) {
      assertThat(decisions.bits(site)).isEqualTo(draw(1, 4, site));
    }
  }

  @Test
  void eachSiteGetsDrawAfterDrawWhateverOthersGet() {
    SeededDecisions alone = new SeededDecisions(1);
    alone.startPacket(4);
    int[] expected = {alone.bits(7), alone.bits(7), alone.bits(7)};
    SeededDecisions decisions = new SeededDecisions(1);
    for (int packet = 0; packet < 3; packet++) {
      decisions.startPacket(4);
      for (int draw : expected) {
        assertThat(decisions.bits(7)).isEqualTo(draw);
        for (int site = 100; site < 400; site++) {
          decisions.bits(site);
        }
      }
    }
  }

  @Test
  void drawsDoNotDependOnOtherPackets() {
    SeededDecisions decisions = new SeededDecisions(1);
    for (int packet = 0; packet < 10_000; packet++) {
      decisions.startPacket(packet);
      assertThat(decisions.bits(9)).isEqualTo(draw(1, packet, 9));
      decisions.bits(packet + 100);
      assertThat(decisions.bits(9)).isNotEqualTo(draw(1, packet, 9));
    }
  }

  @Test
  void chanceIsNeverAtZeroAndAlwaysAtItsScale() {
    SeededDecisions decisions = new SeededDecisions(2);
    int quarter = 0;
    for (int packet = 0; packet < 10_000; packet++) {
      decisions.startPacket(packet);
      assertThat(decisions.chance(0, 1)).isFalse();
      assertThat(decisions.chance(Decisions.CHANCE_SCALE, 2)).isTrue();
      quarter += decisions.chance(Decisions.CHANCE_SCALE / 4, 3) ? 1 : 0;
    }
    assertThat(quarter).isBetween(2_350, 2_650);
  }

  /**
   * Of two draws four bits each: with 255 degrees of freedom chi-square is between 190 and 331 with
   * probability 0.998.
   */
  @ParameterizedTest
  @CsvSource({
    "0, 256, 0",
    "0, 512, 0",
    "0, 1, 0",
    "0, 4294967296, 0",
    "1, 0, 0",
    "0, 0, 1",
    "0, 0, 2"
  })
  void drawsTellNothingOfEachOther(int packets, long sites, int before) {
    for (int lowestBit : new int[] {0, 14, 28}) {
      int[] counts = new int[256];
      for (int packet = 0; packet < 100_000; packet++) {
        int first = fourBits(packet, 77L << 8, 0, lowestBit);
        int second = fourBits(packet + packets, (77L << 8) + sites, before, lowestBit);
        counts[first * 16 + second]++;
      }
      assertThat(chiSquare(counts)).as("from bit %s on", lowestBit).isBetween(190.0, 331.0);
    }
  }

  /**
   * A choice among ten, as kube-proxy's rules make it: with 9 degrees of freedom chi-square is
   * below 27.9 with probability 0.999. What is chosen tells nothing of the next choice either: with
   * 99 degrees it is below 148.
   */
  @Test
  void aChoiceIsAmongAllAlikeAndTellsNothingOfTheNext() {
    int[] thresholds =
        IntStream.rangeClosed(2, 10).map(n -> (int) (Decisions.CHANCE_SCALE / (12 - n))).toArray();
    Chances chances = Chances.of(thresholds);
    int[] chosen = new int[10];
    int[] pairs = new int[100];
    SeededDecisions decisions = new SeededDecisions(3);
    for (int packet = 0; packet < 100_000; packet++) {
      decisions.startPacket(packet);
      int first = decisions.refusals(chances, 77L << 32, 256);
      int second = decisions.refusals(chances, 78L << 32, 256);
      chosen[first]++;
      pairs[10 * first + second]++;
    }
    assertThat(chiSquare(chosen)).isLessThan(27.9);
    assertThat(chiSquare(pairs)).isBetween(60.0, 148.0);
  }

  /** A chain that draws between two rules of another takes their number from them. */
  @Test
  void anotherChainsDrawEndsTheSharing() {
    int asShared = 0;
    for (int packet = 0; packet < 1_000; packet++) {
      boolean alone = secondOfTwo(packet, false, false);
      boolean shared = secondOfTwo(packet, true, false);
      boolean interrupted = secondOfTwo(packet, true, true);
      assertThat(interrupted).isEqualTo(alone);
      asShared += interrupted == shared ? 1 : 0;
    }
    assertThat(asShared).isBetween(400, 600);
  }

  private static boolean secondOfTwo(int packet, boolean first, boolean between) {
    SeededDecisions decisions = new SeededDecisions(5);
    decisions.startPacket(packet);
    if (first) {
      decisions.chance(Decisions.CHANCE_SCALE / 2, 1);
    }
    if (between) {
      decisions.chance(Decisions.CHANCE_SCALE / 2, 1L << 32);
    }
    return decisions.chance(Decisions.CHANCE_SCALE / 2, 2);
  }

  /** Chances that share a number are each as large as asked for, whatever the others' answers. */
  @Test
  void chancesThatShareANumberTellNothingOfEachOther() {
    int[] counts = new int[16];
    SeededDecisions decisions = new SeededDecisions(4);
    for (int packet = 0; packet < 100_000; packet++) {
      decisions.startPacket(packet);
      int answers = 0;
      for (int site = 0; site < 4; site++) {
        answers = 2 * answers + (decisions.chance(Decisions.CHANCE_SCALE / 2, site) ? 1 : 0);
      }
      counts[answers]++;
    }
    assertThat(chiSquare(counts)).isLessThan(37.7); // with probability 0.999
  }

  private static double chiSquare(int... counts) {
    double expected = IntStream.of(counts).sum() / (double) counts.length;
    return IntStream.of(counts).mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
  }

  private static int fourBits(long packet, long site, int before, int lowestBit) {
    SeededDecisions decisions = new SeededDecisions(3);
    decisions.startPacket(packet);
    for (int draw = 0; draw < before; draw++) {
      decisions.bits(site);
    }
    return decisions.bits(site) >>> lowestBit & 0xf;
  }

  @Test
  void doesNotGuess() {
    assertThat(new SeededDecisions(1).unknown(1, "the moon is full")).isFalse();
  }

  private static int draw(long seed, long packet, long site) {
    SeededDecisions decisions = new SeededDecisions(seed);
    decisions.startPacket(packet);
    return decisions.bits(site);
  }
}
