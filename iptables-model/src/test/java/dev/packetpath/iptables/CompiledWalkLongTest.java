package dev.packetpath.iptables;

import dev.packetpath.core.net.IpFamily;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The long form of {@link CompiledWalkProperties}: a million packets, from seed 1 on. A failure
 * names the packet; its seed is the number of rule sets that were done.
 */
@EnabledIfSystemProperty(named = "packetpath.long", matches = "true")
final class CompiledWalkLongTest {
  private static final List<IndexLimits> LIMITS =
      List.of(
          new IndexLimits(1, 0, 0, 1, 0, 100),
          new IndexLimits(4, 3, 0, 4, 1, 100),
          IndexLimits.DEFAULT);
  private static final int PACKETS = 1_000_000;
  private static final int PACKETS_OF_RULESET = 500;
  private static final int PACKETS_BETWEEN_UPDATES = 200;

  @Test
  void bothWalksAgreeOnAMillionPackets() {
    for (int seed = 1; seed <= PACKETS / PACKETS_OF_RULESET; seed++) {
      try {
        compare(seed);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private static void compare(int seed) {
    LongChains drawn = new LongChains(seed, IpFamily.values()[seed % 2]);
    Ruleset ruleset = drawn.ruleset(20 + seed % 80);
    RulesetProgram program = RulesetProgram.compile(ruleset, LIMITS.get(seed % LIMITS.size()));
    TwoWalks both = new TwoWalks(program, seed, false);
    for (int i = 1; i <= PACKETS_OF_RULESET; i++) {
      both.send(drawn.packet(), drawn.gapNs());
      if (i % PACKETS_BETWEEN_UPDATES == 0) {
        TableUpdate update = drawn.update(ruleset, 20 + seed % 80);
        both.compiled().update(update);
        both.reference().update(update);
      }
    }
    both.compareCounters();
  }
}
