package dev.packetpath.nftables;

import static dev.packetpath.nftables.NftHost.chain;
import static dev.packetpath.nftables.NftHost.filter;
import static dev.packetpath.nftables.NftHost.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.Hook;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.nftables.ChainVerdict.Drop;
import dev.packetpath.nftables.ChainVerdict.GoTo;
import dev.packetpath.nftables.Expression.Count;
import dev.packetpath.nftables.Expression.Operator;
import dev.packetpath.nftables.Expression.Random;
import dev.packetpath.nftables.Statement.Case;
import dev.packetpath.nftables.Statement.SetMark;
import dev.packetpath.nftables.Statement.VerdictByCase;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How {@code numgen random} draws. */
final class NftDrawsTest {
  @Test
  void aNumberIsDrawnUniformly() {
    ImmutableList.Builder<Case> cases = ImmutableList.builder();
    ImmutableList.Builder<Object> chains = ImmutableList.builder();
    for (int i = 0; i < 4; i++) {
      cases.add(new Case(new Count(i), new GoTo("n" + i)));
      chains.add(chain("n" + i, NftRule.of(new SetMark(Operator.OR, i + 1))));
    }
    NftHost host =
        new NftHost(
            filter(
                Hook.FORWARD,
                List.of(NftRule.of(new VerdictByCase(new Random(4), cases.build()))),
                chains.build().toArray()));
    TreeMap<Integer, Integer> drawn = new TreeMap<>();
    for (int i = 0; i < 4000; i++) {
      drawn.merge(
          host.receive(udp("10.0.1.2", 1 + i, "10.0.2.2", 53)).get(0).mark(), 1, Integer::sum);
    }
    assertThat(drawn.keySet()).containsExactly(1, 2, 3, 4);
    assertThat(drawn.values()).allMatch(count -> count > 900 && count < 1100);
  }

  @Test
  void aDrawIsASeriesOfChancesWithExactProbabilities() {
    List<Long> thresholds = new ArrayList<>();
    Decisions never =
        new Decisions() {
          private final Decisions other = new SeededDecisions(0);

          @Override
          public void startPacket(long packetNumber) {}

          @Override
          public boolean chance(long threshold, long site) {
            thresholds.add(threshold);
            return false;
          }

          @Override
          public int bits(long site) {
            return other.bits(site);
          }

          @Override
          public boolean unknown(long site, String question) {
            return false;
          }
        };
    NftHost host =
        new NftHost(
            never,
            filter(
                Hook.FORWARD,
                List.of(
                    NftRule.of(
                        new VerdictByCase(
                            new Random(4),
                            ImmutableList.of(new Case(new Count(3), new Drop())))))));
    assertThat(host.passes(udp("10.0.1.2", 1000, "10.0.2.2", 53))).isFalse();
    assertThat(thresholds)
        .containsExactly(
            Decisions.CHANCE_SCALE / 4,
            Math.round(Decisions.CHANCE_SCALE / 3.0),
            Decisions.CHANCE_SCALE / 2);
  }
}
