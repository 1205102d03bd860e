package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the models count through the rules that the kernel is given. */
final class PacketCasesTest {
  static Stream<Arguments> more() {
    double times = PacketCases.TIMES;
    return Stream.of(
        Arguments.of(PacketCases.RULE, PacketCases.RAW, Map.of("ruleEvaluated", times)),
        Arguments.of(
            PacketCases.MATCH, PacketCases.RAW, Map.of("ruleEvaluated", times, "matchCall", times)),
        Arguments.of(
            PacketCases.MATCHED,
            PacketCases.RAW,
            Map.of("ruleEvaluated", times, "ruleMatched", times)),
        Arguments.of(
            PacketCases.TARGET,
            PacketCases.RAW,
            Map.of("ruleEvaluated", times, "ruleMatched", times, "targetCall", times)),
        Arguments.of(
            PacketCases.CHAIN,
            PacketCases.RAW,
            Map.of(
                "ruleEvaluated",
                times,
                "ruleMatched",
                times,
                "chainCall",
                times,
                "implicitReturn",
                times)),
        Arguments.of(PacketCases.chain(1_000), PacketCases.RAW, Map.of("ruleEvaluated", 1_000.0)));
  }

  @ParameterizedTest
  @MethodSource("more")
  void aCaseHasOneThingMore(PacketCase more, PacketCase than, Map<String, Double> work)
      throws IOException {
    assertThat(WorkMore.of(PacketWork.of(more), PacketWork.of(than)))
        .containsExactlyInAnyOrderEntriesOf(work);
  }

  @Test
  void setsAreLookedUp() throws IOException {
    assertThat(WorkMore.of(PacketWork.of(PacketCases.SET), PacketWork.of(PacketCases.RAW)))
        .containsEntry("setLookup", (double) PacketCases.TIMES);
  }

  @Test
  void connectionsAreTrackedWhereTheTablesAskForIt() throws IOException {
    assertThat(PacketWork.of(PacketCases.HOOKS)).doesNotContainKey("conntrackLookup");
    assertThat(PacketWork.of(PacketCases.TRACKED_SAME))
        .containsKey("conntrackLookup")
        .doesNotContainKeys("conntrackInsert", "natSetUp");
    assertThat(PacketWork.of(PacketCases.TRACKED_NEW)).containsEntry("conntrackInsert", 1L);
    assertThat(PacketWork.of(PacketCases.NAT_NEW)).containsKey("natSetUp");
    assertThat(PacketWork.of(PacketCases.SNAT_SAME)).containsEntry("natRewrite", 1L);
    assertThat(PacketWork.of(PacketCases.NAT_SAME)).doesNotContainKey("natRewrite");
  }

  @Test
  void eachCaseHasANameOfItsOwn() {
    Set<String> names =
        Stream.concat(PacketCases.iptables().stream(), PacketCases.nftables().stream())
            .map(PacketCase::name)
            .collect(Collectors.toSet());
    assertThat(names).hasSize(PacketCases.iptables().size() + PacketCases.nftables().size());
  }
}
