package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks that depend on the connection's states, the mark and the devices alone. */
final class FixedWalkProperties {
  private static final String[] ACTIONS = {"ACCEPT", "DROP", "RETURN", "RETURN"};
  private static final String[] STATES = {"NEW", "ESTABLISHED", "INVALID,RELATED", "DNAT"};
  private static final int USER_CHAINS = 4;

  /** Mark and mangle decide much, addresses little, and chains are replaced on the way. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void theyCountWhatTheReferenceCounts(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TwoWalks both = new TwoWalks(RulesetProgram.compile(rules(random)), seed, false);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 60; i++) {
        both.send(packet(random), 1_000_000);
      }
      both.compareCounters();
      TableUpdate update = update(random);
      both.compiled().update(update);
      both.reference().update(update);
    }
    both.compareCounters();
  }

  private static Ruleset rules(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (TableName table : new TableName[] {TableName.MANGLE, TableName.NAT, TableName.FILTER}) {
      text.append('*').append(table.text()).append('\n');
      table.hooks().forEach(hook -> text.append(":%s ACCEPT [0:0]\n".formatted(hook)));
      for (int chain = 0; chain < USER_CHAINS; chain++) {
        text.append(":C%d - [0:0]\n".formatted(chain));
      }
      table.hooks().forEach(hook -> chain(text, table, hook.name(), -1, random));
      for (int chain = 0; chain < USER_CHAINS; chain++) {
        chain(text, table, "C" + chain, chain, random);
      }
      text.append("COMMIT\n");
    }
    return parse(text.toString());
  }

  private static void chain(
      StringBuilder text, TableName table, String name, int number, SplittableRandom random) {
    int rules = random.nextInt(5);
    for (int i = 0; i < rules; i++) {
      text.append("-A ").append(name);
      if (random.nextInt(12) == 0) {
        text.append(" -s 10.0.1.2/32");
      }
      if (number < 0 && random.nextInt(3) == 0) {
        boolean leaving = name.equals("OUTPUT") || name.equals("POSTROUTING");
        text.append(random.nextBoolean() ? " !" : "").append(leaving ? " -o eth1" : " -i eth0");
      }
      if (random.nextInt(3) == 0) {
        text.append(" -m mark --mark 0x").append(random.nextInt(3)).append("/0x3");
      }
      if (random.nextInt(3) == 0) {
        text.append(" -m comment --comment x -m conntrack --ctstate ")
            .append(STATES[random.nextInt(STATES.length)]);
      }
      int called = number + 1 + random.nextInt(USER_CHAINS);
      if (called < USER_CHAINS && random.nextInt(3) > 0) {
        text.append(random.nextInt(4) == 0 ? " -g C" : " -j C").append(called);
      } else if (table == TableName.MANGLE && random.nextInt(3) == 0) {
        text.append(" -j MARK --set-xmark 0x").append(random.nextInt(3)).append("/0x3");
      } else if (random.nextInt(3) > 0) {
        String action = ACTIONS[random.nextInt(ACTIONS.length)];
        text.append(" -j ").append(table == TableName.NAT ? "RETURN" : action);
      }
      text.append('\n');
    }
  }

  private static TableUpdate update(SplittableRandom random) {
    Table drawn = rules(random).tables().get(random.nextInt(3));
    ImmutableList<Chain> chains =
        drawn.chains().stream()
            .filter(chain -> random.nextInt(3) == 0)
            .collect(ImmutableList.toImmutableList());
    return new TableUpdate(drawn.name(), chains, ImmutableSet.of());
  }

  private static Packet packet(SplittableRandom random) {
    int one = 2 + random.nextInt(3);
    int other = 10 + random.nextInt(3);
    boolean there = random.nextBoolean();
    int port = 1000 + random.nextInt(2);
    return new Packet()
        .addresses(
            IpAddress.parse("10.0.1." + (there ? one : other)),
            IpAddress.parse("10.0.1." + (there ? other : one)))
        .protocol(random.nextInt(4) == 0 ? IpProtocol.TCP : IpProtocol.UDP)
        .ports(there ? port : 53, there ? 53 : port)
        .mark(random.nextInt(3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-A FORWARD -s 10.0.0.1/32 -j DROP",
        "-A FORWARD -p tcp -j DROP",
        "-A FORWARD -m limit --limit 1/s -j DROP",
        "-A FORWARD -m statistic --mode random --probability 0.5 -j DROP",
        "-A FORWARD -j LOG"
      })
  void whatElseIsAskedForIsWalkedForEachPacket(String rule) {
    assertThat(read(rule).isOpen).isTrue();
    assertThat(alwaysOpen(rule)).isTrue();
    assertThat(
            alwaysOpen("-A FORWARD -m comment --comment all -j C\n" + rule.replace("FORWARD", "C")))
        .isTrue();
    assertThat(alwaysOpen("-A FORWARD -m mark --mark 0x1 -j C\n" + rule)).isFalse();
    assertThat(alwaysOpen("-A FORWARD -j C\n" + rule)).isFalse();
    assertThat(read("-A FORWARD -i eth9 -j ACCEPT\n" + rule).isOpen).isTrue();
    FixedWalk before = read("-A FORWARD -i eth0 -m mark --mark 0x0 -j ACCEPT\n" + rule);
    assertThat(before.isOpen).isFalse();
    assertThat(before.verdict).isEqualTo(Verdict.ACCEPT);
    assertThat(before.rules).isEqualTo(1);
    assertThat(before.matchCalls).isEqualTo(1);
  }

  /** In front of rules that an index finds, walks are known as far as they ask for no address. */
  @Test
  void walksThatEndBeforeAnIndexAreKnown() {
    String indexed =
        IntStream.range(0, 30)
            .mapToObj("-A FORWARD -s 10.9.0.%d/32 -j DROP\n"::formatted)
            .collect(Collectors.joining());
    assertThat(alwaysOpen(indexed)).isTrue();
    FixedWalk known =
        read("-A FORWARD -i lo -j DROP\n-A FORWARD -m mark --mark 0x0 -j ACCEPT\n" + indexed);
    assertThat(known.isOpen).isFalse();
    assertThat(known.rules).isEqualTo(2);
    assertThat(read("-A FORWARD -i lo -j DROP\n" + indexed).isOpen).isTrue();
  }

  /** Callers without tests lead to rules that need each packet, and are returned to. */
  @Property(tries = 60, shrinking = ShrinkingMode.OFF)
  void beginningsCountWhatTheReferenceCounts(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TwoWalks both = new TwoWalks(RulesetProgram.compile(begins(random)), seed, false);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 20; i++) {
        both.send(packet(random).payloadLength(random.nextInt(20)), 1_000_000);
      }
      if (random.nextBoolean()) {
        both.compareCounters();
      }
      Table filter = begins(random).tables().get(0);
      TableUpdate update = new TableUpdate(filter.name(), filter.chains(), ImmutableSet.of());
      both.compiled().update(update);
      both.reference().update(update);
    }
    both.compareCounters();
  }

  private static Ruleset begins(SplittableRandom random) {
    StringBuilder text = new StringBuilder("-A FORWARD -j C0\n");
    for (int chain = 0; chain < USER_CHAINS; chain++) {
      String before = "-A C%d".formatted(chain);
      String called = random.nextInt(4) == 0 ? " -g C" : " -j C";
      if (chain + 1 < USER_CHAINS && random.nextInt(4) > 0) {
        text.append(before).append(random.nextBoolean() ? " -m comment --comment x" : "");
        text.append(called).append(chain + 1).append('\n');
      }
      for (int rule = random.nextInt(3); rule > 0; rule--) {
        text.append(before).append(" -s 10.0.1.").append(2 + random.nextInt(3)).append(" -j ");
        text.append(ACTIONS[random.nextInt(ACTIONS.length)]).append('\n');
      }
    }
    return parse(filter(text.toString()));
  }

  @Test
  void beginningsGoThroughRulesWithoutTestsToTheFirstThatAsks() {
    TableProgram program =
        program("-A FORWARD -m comment --comment all -j C\n-A C -g D\n-A D -p tcp -j DROP");
    FixedWalk beginning = reader(program).beginnings()[program.chain("FORWARD")];
    int[] starts = program.starts();
    assertThat(beginning.isOpen).isTrue();
    assertThat(beginning.chain).isEqualTo(starts[program.chain("D")]);
    assertThat(beginning.callers.toIntArray()).containsExactly(starts[program.chain("FORWARD")]);
    assertThat(beginning.rules).isEqualTo(2);
    assertThat(beginning.matched).isEqualTo(2);
    assertThat(beginning.chainCalls).isEqualTo(2);
    assertThat(beginning.matchCalls).isEqualTo(1);
    assertThat(beginning.matches.toIntArray()).hasSize(2);
    assertThat(beginning.entries.toIntArray())
        .as("all but FORWARD are counted by their callers")
        .hasSize(1);
    assertThat(beginning.goings.toIntArray()).isEmpty();
    FixedWalk none = reader(program).beginnings()[program.chain("INPUT")];
    assertThat(none.chain).isEqualTo(starts[program.chain("INPUT")]);
    assertThat(none.rules).isZero();
  }

  /** Comments before a test have no word of their own unless there are too many. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, RuleCode.MOST_ALWAYS, RuleCode.MOST_ALWAYS + 1, 40})
  void noBeginningGoesThroughARuleWithATest(int comments) {
    String asks = " -m comment --comment x".repeat(comments) + " -m mark --mark 0x1";
    TableProgram program = program("-A FORWARD" + asks + " -j C\n-A C -p tcp -j DROP");
    int base = program.chain("FORWARD");
    FixedWalk beginning = reader(program).beginnings()[base];
    assertThat(beginning.chain).isEqualTo(program.starts()[base]);
    assertThat(beginning.rules).isZero();
  }

  @Test
  void marksThatNeverComeAgainAreCountedToo() throws IOException {
    TwoWalks both =
        new TwoWalks(
            RulesetProgram.compile(FilterLab.filter("-A FORWARD -m mark --mark 0x1/0x1 -j DROP")),
            1,
            false);
    for (int mark = 0; mark < 20_000; mark++) {
      both.send(packet(new SplittableRandom(mark)).mark(mark), 1_000);
    }
    both.compareCounters();
  }

  private static boolean alwaysOpen(String rules) {
    TableProgram program = program(rules);
    FixedWalkReader reader = reader(program);
    return reader.isAlwaysOpen(reader.beginnings()[program.chain("FORWARD")]);
  }

  private static FixedWalk read(String rules) {
    TableProgram program = program(rules);
    Device in = Device.ethernet("eth0", 2);
    FixedWalk walk = new FixedWalk(program.chain("FORWARD"), 0, 0, in, in);
    reader(program)
        .read(walk, packet(new SplittableRandom(1)), new HookState(Hook.FORWARD, in, in));
    return walk;
  }

  private static FixedWalkReader reader(TableProgram program) {
    RuleTester tester =
        new RuleTester(false, new SeededDecisions(1), new DeviceViews(program.devices()));
    Verdict[] policies = {Verdict.ACCEPT, Verdict.ACCEPT, Verdict.ACCEPT};
    return new FixedWalkReader(program, policies, tester);
  }

  private static TableProgram program(String rules) {
    Ruleset parsed = parse(filter(rules));
    return TableProgram.compile(IpFamily.IPV4, parsed.tables().get(0), IndexLimits.DEFAULT);
  }

  private static String filter(String rules) {
    return """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :C - [0:0]
        :D - [0:0]
        :C0 - [0:0]
        :C1 - [0:0]
        :C2 - [0:0]
        :C3 - [0:0]
        %s
        COMMIT
        """
        .formatted(rules);
  }

  private static Ruleset parse(String text) {
    try {
      return FilterLab.parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
