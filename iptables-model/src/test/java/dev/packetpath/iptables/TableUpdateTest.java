package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Chains replaced, made and deleted in a loaded table, for both walks. */
final class TableUpdateTest {
  private static final String CHAINS =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :SEP-A - [0:0]
      :SEP-B - [0:0]
      :SERVICES - [0:0]
      :SVC - [0:0]
      """;
  private static final String BEFORE =
      CHAINS
          + """
          -A INPUT -j SERVICES
          -A SERVICES -p tcp -j SVC
          -A SVC -m statistic --mode nth --every 2 --packet 0 -j SEP-A
          -A SVC -j SEP-B
          -A SEP-A -j ACCEPT
          -A SEP-B -j DROP
          COMMIT
          """;

  @ParameterizedTest
  @EnumSource
  void anEndpointIsReplacedAndTheOtherChainsKeepTheirCounters(Walk walk) throws IOException {
    Host host = FilterLab.host();
    RulesetProgram program = RulesetProgram.compile(FilterLab.parse(BEFORE));
    Iptables iptables = FilterLab.attach(host, program, walk);
    Iptables untouched = FilterLab.attach(FilterLab.host(), program, walk);
    send(host, 3);
    Table after =
        FilterLab.parse(
                CHAINS.replace("SEP-B", "SEP-C")
                    + """
                    -A SVC -m statistic --mode nth --every 3 --packet 2 -j SEP-A
                    [7:70] -A SVC -j SEP-C
                    -A SEP-C -i eth0 -j ACCEPT
                    COMMIT
                    """)
            .tables()
            .get(0);

    iptables.update(update(after, Set.of("SVC", "SEP-C"), "SEP-B"));

    send(host, 3);
    assertThat(SavePrinter.toText(iptables.snapshot(), true))
        .contains(
            """
            :SEP-A - [0:0]
            :SEP-C - [0:0]
            :SERVICES - [0:0]
            :SVC - [0:0]
            [6:240] -A INPUT -j SERVICES
            [3:120] -A SEP-A -j ACCEPT
            [2:80] -A SEP-C -i eth0 -j ACCEPT
            [6:240] -A SERVICES -p tcp -j SVC
            [1:40] -A SVC -m statistic --mode nth --every 3 --packet 2 -j SEP-A
            [9:150] -A SVC -j SEP-C
            """);
    LoadedTable filter = iptables.table(TableName.FILTER).orElseThrow();
    assertThat(filter.evaluated("SVC")).containsExactly(3, 2);
    assertThat(filter.evaluated("SERVICES")).containsExactly(6);
    assertThat(filter.evaluated("SEP-A")).containsExactly(3);
    assertThat(untouched.snapshot()).isEqualTo(FilterLab.parse(BEFORE));
    assertThatThrownBy(() -> filter.evaluated("SEP-B")).hasMessageContaining("no chain SEP-B");
  }

  @ParameterizedTest
  @EnumSource
  void whatWouldLeaveACallWithoutItsChainIsRefusedAndChangesNothing(Walk walk) throws IOException {
    Host host = FilterLab.host();
    Iptables iptables =
        FilterLab.attach(host, RulesetProgram.compile(FilterLab.parse(BEFORE)), walk);
    Ruleset before = iptables.snapshot();
    Chain toNowhere = chain("SVC", "NOWHERE");
    Chain toItself = chain("SEP-A", "SVC");

    refuses(iptables, ImmutableList.of(toNowhere), "", "no chain NOWHERE in table filter");
    refuses(iptables, ImmutableList.of(toItself), "", "chain SEP-A calls itself");
    refuses(iptables, ImmutableList.of(), "SEP-A", "cannot delete SEP-A: 1 rules call it");
    refuses(iptables, ImmutableList.of(), "INPUT", "cannot delete INPUT: no user chain");
    refuses(iptables, ImmutableList.of(), "NOWHERE", "cannot delete NOWHERE: no user chain");
    refuses(
        iptables,
        ImmutableList.of(chain("INPUT", "SVC")),
        "",
        "chain INPUT: a base chain must stay one, and a new one cannot be made");
    refuses(
        iptables,
        ImmutableList.of(chain("N", "SVC"), chain("N", "SVC")),
        "",
        "chain N given twice");

    assertThat(iptables.snapshot()).isEqualTo(before);
    send(host, 2);
    assertThat(iptables.table(TableName.FILTER).orElseThrow().counted("SEP-B", 1).packets())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void manyUpdatesOfOneServiceLeaveAllElseAsItWas(Walk walk) throws IOException {
    Host host = FilterLab.host();
    Iptables iptables =
        FilterLab.attach(host, RulesetProgram.compile(FilterLab.parse(BEFORE)), walk);
    for (int round = 0; round < 200; round++) {
      String gone = round == 0 ? "SEP-B" : "SEP-" + (round - 1);
      Chain service = chain("SVC", "SEP-" + round);
      Chain endpoint =
          new Chain(
              "SEP-" + round,
              Optional.empty(),
              Counters.ZERO,
              ImmutableList.of(rule(new RuleAction.Standard(StandardVerdict.DROP))));
      iptables.update(
          new TableUpdate(
              TableName.FILTER, ImmutableList.of(service, endpoint), ImmutableSet.of(gone)));
      send(host, 1);
      assertThat(
              iptables.table(TableName.FILTER).orElseThrow().counted("SEP-" + round, 1).packets())
          .isEqualTo(1);
    }
    assertThat(iptables.snapshot().tables().get(0).chains()).hasSize(7);
    assertThat(iptables.table(TableName.FILTER).orElseThrow().counted("INPUT", 1).packets())
        .isEqualTo(200);
  }

  @Test
  void whatReplacedChainsLeftDoesNotPileUp() throws IOException {
    TableProgram program = program();
    int most = 0;
    int compactions = 0;
    for (int round = 0; round < 5_000; round++) {
      program.update(
          update(ImmutableList.of(chain("SVC", round % 2 == 0 ? "SEP-A" : "SEP-B"))), called -> 1);
      if (program.isMostlyUnused()) {
        program = program.compacted();
        compactions++;
      }
      most = Math.max(most, program.code().length);
    }
    assertThat(most).isBetween(500, 3_000);
    assertThat(compactions).isBetween(10, 200);
  }

  /** Whose place a later chain takes is counted once: half of the code is live up to the end. */
  @Test
  void whatDeletedChainsLeftIsCountedOnce() throws IOException {
    TableProgram program = program();
    Rule rule = rule(new RuleAction.Standard(StandardVerdict.DROP));
    int rules = 400;
    program.update(
        update(
            ImmutableList.of(
                chain("LIVE", Collections.nCopies(rules, rule)), chain("GONE-0", List.of(rule)))),
        called -> 1);
    int rounds = 0;
    while (!program.isMostlyUnused()) {
      program.update(
          new TableUpdate(
              TableName.FILTER,
              ImmutableList.of(chain("GONE-" + (rounds + 1), Collections.nCopies(10, rule))),
              ImmutableSet.of("GONE-" + rounds)),
          called -> 1);
      rounds++;
    }
    assertThat(rounds).as("chains of 38 words, where 1,208 and a few stay").isBetween(32, 40);
  }

  /** A chain is entered by its old rule, then by two, then by another alone. */
  @ParameterizedTest
  @EnumSource
  void walksThatEnterAChainAreCountedWhoeverCallsIt(Walk walk) throws IOException {
    Host host = FilterLab.host();
    Iptables iptables =
        FilterLab.attach(host, RulesetProgram.compile(FilterLab.parse(BEFORE)), walk);
    LoadedTable filter = iptables.table(TableName.FILTER).orElseThrow();
    send(host, 4);
    iptables.update(update(ImmutableList.of(chain("SEP-A", "SEP-B"))));
    send(host, 2);

    assertThat(filter.evaluated("SEP-A")).containsExactly(1);
    assertThat(filter.evaluated("SEP-B")).containsExactly(4);
    iptables.update(update(ImmutableList.of(chain("SVC", "SEP-B"))));
    send(host, 3);
    assertThat(filter.evaluated("SEP-A")).containsExactly(1);
    assertThat(filter.evaluated("SEP-B")).containsExactly(7);
    assertThat(filter.evaluated("SVC")).containsExactly(3);
  }

  /** REJECT's answer leaves while its rule is being walked. */
  @ParameterizedTest
  @EnumSource
  void aTableIsNotUpdatedWhileItIsWalked(Walk walk) throws IOException {
    Host host = FilterLab.host();
    RulesetProgram program = RulesetProgram.compile(FilterLab.filter("-A INPUT -p tcp -j REJECT"));
    Iptables iptables = FilterLab.attach(host, program, walk);
    TableUpdate update = update(ImmutableList.of(chain("NEW", List.of())));
    host.sink(new Exits((out, packet) -> iptables.update(update)));

    assertThatThrownBy(() -> send(host, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("table filter is updated by who is called during a walk of it");
    iptables.update(update);
    assertThat(iptables.snapshot().tables().get(0).chains()).hasSize(4);
  }

  /** The hook's walks enter it too, and it goes on counting all by itself. */
  @ParameterizedTest
  @EnumSource
  void aBaseChainMayBeCalledByOneRule(Walk walk) throws IOException {
    Host host = FilterLab.host();
    String before = BEFORE.replace("COMMIT", "-A OUTPUT -p tcp\nCOMMIT");
    Iptables iptables =
        FilterLab.attach(host, RulesetProgram.compile(FilterLab.parse(before)), walk);
    iptables.update(update(ImmutableList.of(chain("SEP-A", "OUTPUT"))));
    send(host, 4);
    host.send(
        new Packet()
            .addresses(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))
            .ports(1000, 80));

    assertThat(iptables.table(TableName.FILTER).orElseThrow().evaluated("OUTPUT"))
        .containsExactly(3);
  }

  private static TableProgram program() throws IOException {
    Table before = FilterLab.parse(BEFORE).tables().get(0);
    return TableProgram.compile(IpFamily.IPV4, before, IndexLimits.DEFAULT).copy();
  }

  private static TableUpdate update(ImmutableList<Chain> chains) {
    return new TableUpdate(TableName.FILTER, chains, ImmutableSet.of());
  }

  private static void refuses(
      Iptables iptables, ImmutableList<Chain> chains, String deleted, String message) {
    ImmutableSet<String> names = deleted.isEmpty() ? ImmutableSet.of() : ImmutableSet.of(deleted);
    assertThatThrownBy(() -> iptables.update(new TableUpdate(TableName.FILTER, chains, names)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static TableUpdate update(Table table, Set<String> chains, String deleted) {
    return new TableUpdate(
        table.name(),
        table.chains().stream()
            .filter(chain -> chains.contains(chain.name()))
            .collect(ImmutableList.toImmutableList()),
        ImmutableSet.of(deleted));
  }

  private static Chain chain(String name, String called) {
    return chain(name, List.of(rule(new RuleAction.Jump(called))));
  }

  private static Chain chain(String name, List<Rule> rules) {
    return new Chain(name, Optional.empty(), Counters.ZERO, ImmutableList.copyOf(rules));
  }

  private static Rule rule(RuleAction action) {
    return new Rule(HeaderMatch.any(IpFamily.IPV4), ImmutableList.of(), action, Counters.ZERO, 0);
  }

  private static void send(Host host, int packets) {
    for (int i = 0; i < packets; i++) {
      host.receive(
          new Packet()
              .addresses(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.1"))
              .ports(1000, 80),
          FilterLab.ETH0);
    }
  }
}
