package dev.packetpath.iptables;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.testing.RulesetArbitraries;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** The compiled walk does what the reference does: verdict, counters, work and trace. */
final class CompiledWalkProperties {
  /** Every chain gets an index, from its first rule on. */
  private static final IndexLimits ALWAYS = new IndexLimits(1, 0, 0, 1, 0, 100);

  private static final int PACKETS = 200;

  @Provide
  Arbitrary<Tuple.Tuple2<Ruleset, List<Packet>>> all() {
    return Arbitraries.of(IpFamily.class)
        .flatMap(
            family ->
                RulesetArbitraries.rulesets(family, RulesetArbitraries.Parts.ALL)
                    .flatMap(
                        ruleset ->
                            PacketArbitraries.packets(family)
                                .list()
                                .ofSize(30)
                                .map(packets -> Tuple.of(ruleset, packets))));
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void bothWalksAgreeOnAllMatchesAndTargets(
      @ForAll("all") Tuple.Tuple2<Ruleset, List<Packet>> given,
      @ForAll long seed,
      @ForAll boolean indexed,
      @ForAll boolean traced) {
    RulesetProgram program =
        RulesetProgram.compile(given.get1(), indexed ? ALWAYS : IndexLimits.DEFAULT);
    TwoWalks both = new TwoWalks(program, seed, traced);
    given.get2().forEach(packet -> both.send(packet, 1_000_000));
    both.compareCounters();
  }

  /** So many that what replaced chains left is done away with on the way. */
  @Property(tries = 30, shrinking = ShrinkingMode.OFF)
  void bothWalksAgreeAfterUpdates(@ForAll long seed, @ForAll IpFamily family) {
    LongChains drawn = new LongChains(seed, family);
    Ruleset ruleset = drawn.ruleset(30);
    TwoWalks both = new TwoWalks(RulesetProgram.compile(ruleset, ALWAYS), seed, false);
    for (int round = 0; round < 16; round++) {
      for (int i = 0; i < 15; i++) {
        both.send(drawn.packet(), drawn.gapNs());
      }
      both.compareCounters();
      TableUpdate update = drawn.update(ruleset, 30);
      both.compiled().update(update);
      both.reference().update(update);
      both.compareCounters();
    }
  }

  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void bothWalksAgreeOnLongChains(
      @ForAll long seed, @ForAll IpFamily family, @ForAll boolean traced) {
    LongChains drawn = new LongChains(seed, family);
    for (IndexLimits limits : List.of(ALWAYS, new IndexLimits(4, 3, 2, 4, 1, 100))) {
      RulesetProgram program = RulesetProgram.compile(drawn.ruleset(60), limits);
      TwoWalks both = new TwoWalks(program, seed, traced);
      for (int i = 0; i < PACKETS; i++) {
        both.send(drawn.packet(), drawn.gapNs());
      }
      both.compareCounters();
    }
  }
}
