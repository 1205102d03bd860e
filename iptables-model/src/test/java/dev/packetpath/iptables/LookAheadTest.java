package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class LookAheadTest {
  private static final String SERVICES =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :SVC-A - [0:0]
      :SVC-B - [0:0]
      -A SVC-A -p tcp -m tcp -j DNAT --to-destination 10.0.1.2:80
      -A SVC-B -p tcp -m tcp -j DNAT --to-destination 10.0.1.3:80
      -A PREROUTING -d 10.0.0.1/32 -p tcp -m tcp --dport 80 -j SVC-A
      -A PREROUTING -d 10.0.0.2/32 -p tcp -m tcp --dport 80 -j SVC-B
      -A PREROUTING -d 10.0.0.3/32 -p tcp -m tcp --dport 80 -j ACCEPT
      -A PREROUTING -d 10.0.0.4/32 -p tcp -m tcp --dport 80 -j SVC-A
      -A PREROUTING -d 10.0.0.4/32 -p tcp -m tcp --dport 81 -j SVC-B
      COMMIT
      """;

  private static final List<Packet> BURST =
      Stream.of("10.0.0.9", "10.0.0.2", "10.0.0.1", "10.0.0.3", "10.0.0.4", "10.0.0.5")
          .map(to -> new Packet().addresses(IpAddress.parse("10.0.2.2"), IpAddress.parse(to)))
          .toList();

  private final TableProgram program =
      TableProgram.compile(
              IpFamily.IPV4,
              ServiceChains.parse(IpFamily.IPV4, SERVICES).tables().get(0),
              new IndexLimits(1, 0, 0, 4, 0, 100))
          .copy();

  @Test
  void theChainsAreFoundThatTheOnlyRuleOfAKeyJumpsTo() {
    assertThat(jumps(program))
        .containsExactly(
            start("SVC-B"),
            start("SVC-A"),
            LookAhead.NOWHERE, // no jump
            LookAhead.NOWHERE, // two rules
            LookAhead.NOWHERE); // no rule
  }

  @Test
  void aChainThatMovedIsFoundWhereItWas() {
    int before = start("SVC-B");
    program.update(
        new TableUpdate(
            TableName.NAT,
            ImmutableList.of(program.find("SVC-B").orElseThrow()),
            ImmutableSet.of()),
        called -> 2);
    assertThat(start("SVC-B")).isNotEqualTo(before);
    assertThat(jumps(program)).startsWith(before);
  }

  private int start(String chain) {
    return program.starts()[program.chain(chain)];
  }

  private static int[] jumps(TableProgram program) {
    LookAhead ahead = new LookAhead(program.code(), program.indexes(), new FoundAhead());
    int chain = program.starts()[program.chain("PREROUTING")];
    return Arrays.copyOf(ahead.jumps(chain, BURST, 1, BURST.size()), BURST.size() - 1);
  }
}
