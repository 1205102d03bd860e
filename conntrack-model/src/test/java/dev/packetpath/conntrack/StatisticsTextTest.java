package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SyntaxException;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Lines that conntrack 1.4.7 printed on Linux 6.18, and their printing. */
class StatisticsTextTest {
  private static ConntrackStatistics read(String text) throws IOException {
    return ConntrackStatistics.read("f", new StringReader(text));
  }

  @Property(tries = 100)
  void printedStatisticsReadBackTheSame(
      @ForAll @Size(10) List<@LongRange(min = 0, max = 999_999_999_999_999_999L) Long> n)
      throws IOException {
    ConntrackStatistics statistics =
        new ConntrackStatistics(
            n.get(0), n.get(1), n.get(2), n.get(3), n.get(4), n.get(5), n.get(6), n.get(7),
            n.get(8), n.get(9));
    assertThat(read(statistics.toString())).isEqualTo(statistics);
  }

  @Example
  void processorsAreAddedUp() throws IOException {
    ConntrackStatistics statistics =
        read(
            """
            cpu=0   \tfound=1 invalid=2 insert=0 insert_failed=3 drop=4 early_drop=5 error=6 search_restart=7 clash_resolve=8 chaintoolong=9\s
            cpu=1   \tfound=10 invalid=20 insert=0 insert_failed=30 drop=40 early_drop=50 error=60 search_restart=70 clash_resolve=80 chaintoolong=90\s
            """);
    assertThat(statistics)
        .isEqualTo(new ConntrackStatistics(11, 22, 0, 33, 44, 55, 66, 77, 88, 99));
  }

  @Example
  void olderToolsCountMoreAndLess() throws IOException {
    assertThat(read("cpu=0 searched=5 found=1 new=3 invalid=2"))
        .isEqualTo(new ConntrackStatistics(1, 2, 0, 0, 0, 0, 0, 0, 0, 0));
  }

  @Example
  void wordThatIsNoCounterIsNamed() {
    assertThatThrownBy(() -> read("cpu=0 found=1\ncpu=1 found=-1"))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("f:2:7: found \"found=-1\", expected name=number");
  }
}
