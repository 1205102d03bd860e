package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Chances;
import dev.packetpath.core.net.IpFamily;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChainCodeTest {
  private static final IndexLimits ALWAYS = new IndexLimits(3, 1, 0, 16, 0, 40);
  private static final String ENDPOINTS =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :SEP-A - [0:0]
      :SEP-B - [0:0]
      :SVC-A - [0:0]
      :SVC-B - [0:0]
      -A SEP-A -s 10.0.1.2 -j RETURN
      -A SEP-A -p tcp -m tcp -j DNAT --to-destination 10.0.1.2:80
      -A SEP-B -s 10.0.1.3 -j RETURN
      -A SEP-B -p tcp -m tcp -j DNAT --to-destination 10.0.1.3:80
      -A PREROUTING -d 10.0.0.1 -j SVC-A
      -A PREROUTING -d 10.0.0.2 -j SVC-B
      -A PREROUTING -d 10.0.0.3 -j ACCEPT
      -A SVC-A -m statistic --mode random --probability 0.5 -j SEP-A
      -A SVC-A -j SEP-B
      -A SVC-B -m statistic --mode random --probability %s -j SEP-B
      -A SVC-B -j SEP-A
      COMMIT
      """;

  @Test
  void theWordsOfAllChainsAreTheWholeCode() {
    TableProgram program = program("0.25");

    assertThat(program.indexes()[program.chain("PREROUTING")]).isNotSameAs(ChainIndex.NONE);
    assertThat(words(program)).isEqualTo(program.code().length);
  }

  @Test
  void chancesThatAreTheSameAreKeptOnce() {
    Chances half = Chances.of(1 << 30);

    assertThat(program("0.5").chances()).containsExactly(half);
    assertThat(program("0.25").chances()).containsExactlyInAnyOrder(half, Chances.of(1 << 29));
  }

  @Test
  void updatesKeepTheChancesThatThereWere() {
    TableProgram program = program("0.5").copy();
    Chain chain = program("0.25").find("SVC-B").orElseThrow();
    for (int update = 0; update < 2; update++) {
      program.update(
          new TableUpdate(TableName.NAT, ImmutableList.of(chain), ImmutableSet.of()), called -> 1);

      assertThat(program.chances()).containsExactly(Chances.of(1 << 30), Chances.of(1 << 29));
    }
  }

  @Test
  void aChainThatMovedTwiceIsFoundFromWhereItWasFirst() {
    TableProgram program = program("0.5").copy();
    int chain = program.chain("SVC-B");
    int first = program.starts()[chain];
    for (int update = 0; update < 2; update++) {
      program.update(
          new TableUpdate(
              TableName.NAT,
              ImmutableList.of(program.find("SVC-B").orElseThrow()),
              ImmutableSet.of()),
          called -> 1);
    }
    int[] code = program.code();
    int where = code.length - 1;
    code[where] = first;

    assertThat(ChainCode.called(code, where)).isEqualTo(program.starts()[chain]);
    assertThat(code[where]).isEqualTo(program.starts()[chain]);
  }

  private static int words(TableProgram program) {
    return IntStream.of(program.starts())
        .map(start -> ChainCode.words(program.code(), start))
        .sum();
  }

  private static TableProgram program(String chance) {
    Table nat = ServiceChains.parse(IpFamily.IPV4, ENDPOINTS.formatted(chance)).tables().get(0);
    return TableProgram.compile(IpFamily.IPV4, nat, ALWAYS);
  }
}
