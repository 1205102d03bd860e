package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.Resources;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.MatchFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TimeMatchTest {
  /** What Linux 6.18.44 said of a rule at a second since 1970. */
  record Vector(long seconds, String rule, boolean holds) {}

  static List<Vector> vectors() throws IOException {
    return Resources.readLines(
            Resources.getResource(TimeMatchTest.class, "time-match-vectors.tsv"),
            StandardCharsets.UTF_8)
        .stream()
        .map(line -> line.split("\t", -1))
        .map(cells -> new Vector(Long.parseLong(cells[0]), cells[1], cells[2].equals("Y")))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theKernelSaysTheSame(Vector vector) {
    assertThat(holds(vector.rule(), vector.seconds())).isEqualTo(vector.holds());
  }

  @ParameterizedTest
  @CsvSource({
    // a Monday night ends on Tuesday morning only if it is contiguous
    "-m time --timestart 22:00 --timestop 02:00 --weekdays Mon"
        + " --contiguous,2024-01-01T23:00:00Z,true",
    "-m time --timestart 22:00 --timestop 02:00 --weekdays Mon"
        + " --contiguous,2024-01-02T01:00:00Z,true",
    "-m time --timestart 22:00 --timestop 02:00 --weekdays Mon"
        + " --contiguous,2024-01-01T01:00:00Z,false",
    "-m time --timestart 22:00 --timestop 02:00 --weekdays Mon,2024-01-01T01:00:00Z,true",
    "-m time --timestart 22:00 --timestop 02:00 --weekdays Mon,2024-01-02T01:00:00Z,false",
    "-m time --timestart 08:00 --timestop 10:00,2024-01-02T08:00:00Z,true",
    "-m time --timestart 08:00 --timestop 10:00,2024-01-02T10:00:00Z,true",
    "-m time --timestart 08:00 --timestop 10:00,2024-01-02T10:00:01Z,false",
    "-m time --monthdays 29,2024-02-29T12:00:00Z,true",
    "-m time --monthdays 29,2024-03-01T12:00:00Z,false",
    "-m time --weekdays Sun,2024-03-03T12:00:00Z,true",
    "-m time --datestart 2024-03-01,2024-02-29T23:59:59Z,false",
    "-m time,2038-01-19T03:14:07Z,true",
    "-m time,2038-01-19T03:14:08Z,false",
  })
  void aSpanOfTimeHasBothItsEnds(String rule, Instant when, boolean expected) {
    assertThat(holds(rule, when.getEpochSecond())).isEqualTo(expected);
  }

  private static boolean holds(String rule, long seconds) {
    VirtualClock clock = new VirtualClock(seconds * VirtualClock.NS_PER_SECOND);
    MatchLab lab = new MatchLab(IpFamily.IPV4, clock, new SeededDecisions(0));
    MatchFunction match = lab.load(rule);
    return lab.holds(match, MatchLab.udp("10.0.0.1", "10.0.0.2"));
  }
}
