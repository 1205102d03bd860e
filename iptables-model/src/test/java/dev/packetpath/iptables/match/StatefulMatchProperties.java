package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.testing.StatefulMatchArbitraries;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every match that remembers or asks what was remembered. */
final class StatefulMatchProperties {
  private static final Packet PACKET = MatchLab.udp("10.0.0.1", "10.0.0.2");

  @Provide
  Arbitrary<Match> matches4() {
    return StatefulMatchArbitraries.matches(IpFamily.IPV4);
  }

  @Provide
  Arbitrary<Match> matches6() {
    return StatefulMatchArbitraries.matches(IpFamily.IPV6);
  }

  @Provide
  Arbitrary<Match> setMatches() {
    return StatefulMatchArbitraries.sets();
  }

  @Provide
  Arbitrary<List<Packet>> packets() {
    return PacketArbitraries.packets(IpFamily.IPV4).list().ofMaxSize(8);
  }

  @Provide
  Arbitrary<Integer> evenRates() {
    return Arbitraries.of(1, 2, 5, 10, 25, 50);
  }

  @Property
  void whatIsPrintedReadsAsTheSame(@ForAll("matches4") Match match) {
    assertThat(MatchLab.read(IpFamily.IPV4, text(match))).isEqualTo(match);
  }

  @Property
  void ofIpv6Too(@ForAll("matches6") Match match) {
    assertThat(MatchLab.read(IpFamily.IPV6, text(match))).isEqualTo(match);
  }

  @Property
  void matchesOnSetsAreReadAsPrinted(@ForAll("setMatches") Match match) {
    assertThat(MatchLab.read(IpFamily.IPV4, text(match))).isEqualTo(match);
  }

  @Property
  void everyMatchAnswersEveryPacket(
      @ForAll("matches4") Match match, @ForAll("packets") List<Packet> packets) {
    MatchLab lab = new MatchLab();
    MatchFunction loaded = lab.load(match);
    assertThatCode(() -> packets.forEach(packet -> loaded.test(packet, MatchLab.FORWARD)))
        .doesNotThrowAnyException();
  }

  @Property
  void aLimitLetsNoMoreThanItsBurstAndRateThrough(
      @ForAll("evenRates") int rate,
      @ForAll @IntRange(min = 1, max = 20) int burst,
      @ForAll @Size(max = 60) List<@IntRange(max = 700) Integer> gapsMs) {
    MatchLab lab = new MatchLab();
    MatchFunction limit = lab.load("-m limit --limit " + rate + "/sec --limit-burst " + burst);
    long nowMs = 0;
    long passed = 0;
    for (int gap : gapsMs) {
      nowMs += gap;
      lab.atMs(nowMs);
      passed += lab.holds(limit, PACKET) ? 1 : 0;
      assertThat(passed).isLessThanOrEqualTo(burst + nowMs * rate / 1000);
    }
  }

  @Property
  void aHashlimitWithoutAKeyIsALimit(
      @ForAll("evenRates") int rate,
      @ForAll @IntRange(min = 1, max = 20) int burst,
      @ForAll @Size(max = 60) List<@IntRange(max = 700) Integer> gapsMs) {
    String words = rate + "/sec --hashlimit-burst " + burst;
    MatchLab lab = new MatchLab();
    MatchFunction limit = lab.load("-m limit --limit " + rate + "/sec --limit-burst " + burst);
    MatchFunction upto =
        lab.load(
            "-m hashlimit --hashlimit-name a --hashlimit-htable-expire 900000 --hashlimit-upto "
                + words);
    MatchFunction above =
        lab.load(
            "-m hashlimit --hashlimit-name b --hashlimit-htable-expire 900000 --hashlimit-above "
                + words);
    long nowMs = 0;
    for (int gap : gapsMs) {
      nowMs += gap;
      lab.atMs(nowMs);
      boolean holds = lab.holds(limit, PACKET);
      assertThat(lab.holds(upto, PACKET)).isEqualTo(holds);
      assertThat(lab.holds(above, PACKET)).isEqualTo(!holds);
    }
  }

  @Property
  void nthHoldsOnceInEveryN(
      @ForAll @IntRange(min = 1, max = 9) int every, @ForAll @IntRange(max = 8) int packet) {
    MatchLab lab = new MatchLab(IpFamily.IPV4, new VirtualClock(), new SeededDecisions(1));
    MatchFunction nth = lab.load(new StatisticMatch.Nth(every, packet % every, false));
    ImmutableList.Builder<Integer> held = ImmutableList.builder();
    for (int i = 0; i < 3 * every; i++) {
      if (lab.holds(nth, PACKET)) {
        held.add(i);
      }
    }
    int first = packet % every;
    assertThat(held.build()).containsExactly(first, first + every, first + 2 * every);
  }

  private static String text(Match match) {
    OptionPrinter out = new OptionPrinter();
    out.word("-m").word(match.name());
    match.print(out);
    return out.toString();
  }
}
