package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.MatchFunction;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticMatchTest {
  private static final Packet PACKET = MatchLab.udp("10.0.0.1", "10.0.0.2");

  @Test
  void nthHoldsOnTheGivenEvaluationAndEveryNAfterIt() {
    MatchLab lab = new MatchLab();
    assertThat(answers(lab, "-m statistic --mode nth --every 3 --packet 0", 7))
        .isEqualTo("Y..Y..Y");
    assertThat(answers(lab, "-m statistic --mode nth --every 3 --packet 2", 7))
        .isEqualTo("..Y..Y.");
    assertThat(answers(lab, "-m statistic --mode nth ! --every 3 --packet 1", 7))
        .isEqualTo("Y.YY.YY");
    assertThat(answers(lab, "-m statistic --mode nth --every 1 --packet 0", 3)).isEqualTo("YYY");
  }

  @Test
  void eachLoadCountsAnew() {
    MatchLab lab = new MatchLab();
    String rule = "-m statistic --mode nth --every 2 --packet 0";
    assertThat(answers(lab, rule, 3)).isEqualTo("Y.Y");
    assertThat(answers(lab, rule, 3)).isEqualTo("Y.Y");
  }

  @Test
  void randomAsksForTheKernelsThresholdAtItsOwnSite() {
    List<Long> thresholds = new ArrayList<>();
    List<Long> sites = new ArrayList<>();
    MatchLab lab =
        new MatchLab(
            IpFamily.IPV4,
            new VirtualClock(),
            new Decisions() {
              @Override
              public void startPacket(long packetNumber) {}

              @Override
              public boolean chance(long threshold, long site) {
                thresholds.add(threshold);
                sites.add(site);
                return true;
              }

              @Override
              public int bits(long site) {
                return 0;
              }

              @Override
              public boolean unknown(long site, String question) {
                return false;
              }
            });
    assertThat(answers(lab, "-m statistic --mode random --probability 0.33333333349", 1))
        .isEqualTo("Y");
    assertThat(answers(lab, "-m statistic --mode random ! --probability 1", 1)).isEqualTo(".");
    assertThat(thresholds).containsExactly(715_827_883L, 1L << 31);
    assertThat(sites).doesNotHaveDuplicates();
  }

  private static String answers(MatchLab lab, String rule, int count) {
    MatchFunction match = lab.load(rule);
    StringBuilder answers = new StringBuilder();
    for (int i = 0; i < count; i++) {
      answers.append(lab.holds(match, PACKET) ? 'Y' : '.');
    }
    return answers.toString();
  }
}
