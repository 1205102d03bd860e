package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.ipset.IpSets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Chains that choose an endpoint as kube-proxy writes them, and some that only look so. */
final class EndpointWalkProperties {
  private static final int[] PROTOCOLS = {
    IpProtocol.TCP, IpProtocol.TCP, IpProtocol.TCP, IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP
  };

  private static final byte[] SCTP_INIT =
      HexFormat.of().parseHex("010000140000000a000000000000000000000000");

  /** Between connection tracking, which lets no such packet begin a connection, and nat. */
  private static final int BEHIND_TRACKING = -150;

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void theyDoWhatTheReferenceDoesAlsoAfterUpdates(
      @ForAll long seed, @ForAll IpFamily family, @ForAll boolean cuts) {
    SplittableRandom random = new SplittableRandom(seed);
    ServiceChains chains = new ServiceChains(random, family);
    RulesetProgram program = RulesetProgram.compile(chains.ruleset());
    TwoWalks both = new TwoWalks(program, seed, random.nextInt(8) == 0);
    TwoWalks others = new TwoWalks(program, seed + 1, false);
    if (cuts) {
      both.register(family, Hook.PREROUTING, BEHIND_TRACKING, EndpointWalkProperties::cut);
    }
    send(both, family, random);
    send(others, family, random);
    both.compiled().addCounters(others.compiled());
    both.reference().addCounters(others.reference());
    for (int round = 0; round < 12; round++) {
      if (random.nextBoolean()) {
        both.compareCounters();
      }
      TableUpdate update = chains.change();
      both.compiled().update(update);
      both.reference().update(update);
      if (random.nextInt(4) == 0) {
        both.compiled().table(TableName.NAT).orElseThrow().compact();
      }
      send(both, family, random);
    }
    both.compareCounters();
  }

  /** Makes some packets what a walk could meet if it stood elsewhere. */
  private static Verdict cut(Packet packet, HookState state) {
    switch (packet.sourcePort() % 8) {
      case 0 -> packet.transportTruncated(true);
      case 1 -> packet.fragmentOffset(1 + packet.sourcePort() % 2);
      default -> {}
    }
    return Verdict.ACCEPT;
  }

  private static EndpointWalk walk(TableProgram program) {
    Host host = Host.builder(TwoWalks.NETWORK).build();
    IpSets sets = new IpSets(host.clock(), host.work());
    Nat nat = Nat.attach(Conntrack.attach(host, ConntrackSettings.DEFAULTS));
    LoadContext context =
        new LoadContext(
            host,
            IpFamily.IPV4,
            TableName.NAT,
            sets,
            Optional.of(nat),
            LoadContext.noSharedState());
    return new EndpointWalk(
        context,
        program,
        new TableCounters(program.counters(), program.entries()),
        new WalkTally());
  }

  private static Packet tcp(String source) {
    return new Packet().addresses(IpAddress.parse(source), IpAddress.parse("10.0.1.100"));
  }

  private static void send(TwoWalks walks, IpFamily family, SplittableRandom random) {
    for (int i = 0; i < 30; i++) {
      walks.send(packet(family, random), 1_000);
    }
  }

  private static Packet packet(IpFamily family, SplittableRandom random) {
    int endpoint = random.nextInt(ServiceChains.ENDPOINT_ADDRESSES);
    IpAddress from = address(family, ServiceChains.FIRST_ENDPOINT + endpoint);
    if (family == IpFamily.IPV6 && random.nextInt(6) == 0) {
      from = IpAddress.ipv6(from.high() + 1, from.low());
    }
    int service = ServiceChains.FIRST_SERVICE + random.nextInt(ServiceChains.SERVICES);
    Packet packet =
        new Packet().addresses(from, address(family, service)).payloadLength(random.nextInt(40));
    if (random.nextInt(8) == 0) {
      boolean isV4 = family == IpFamily.IPV4;
      packet.protocol(isV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6).icmpType(isV4 ? 8 : 128);
      return packet.icmpId(random.nextInt(60_000));
    }
    packet
        .protocol(PROTOCOLS[random.nextInt(PROTOCOLS.length)])
        .ports(1_024 + random.nextInt(60_000), 80 + random.nextInt(2))
        .tcpFlags(random.nextInt(4) == 0 ? TcpFlags.ACK : TcpFlags.SYN)
        .transportTruncated(random.nextInt(12) == 0);
    if (packet.protocol() == IpProtocol.SCTP) {
      packet.payload(SCTP_INIT);
    }
    if (random.nextInt(12) == 0) {
      packet.fragmentOffset(random.nextInt(3)).moreFragments(random.nextBoolean());
    }
    return packet;
  }

  private static IpAddress address(IpFamily family, int number) {
    return IpAddress.parse(ServiceChains.address(family, number));
  }

  @Test
  void whatChoosesIsKnownUntilAnUpdateReplacesTheEndpointAndOnceCompacted() {
    String text =
        """
        *nat
        :SEP-0 - [0:0]
        :SEP-1 - [0:0]
        :SVC - [0:0]
        -A PREROUTING -j SVC
        -A SEP-0 -s 10.0.1.2 -j RETURN
        -A SEP-0 -p tcp -m tcp -j DNAT --to-destination 10.0.1.2:80
        -A SEP-1 -s 10.0.1.3 -j RETURN
        -A SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.0.1.3:80
        -A SVC -p udp -j RETURN
        -A SVC -m statistic --mode random --probability 0.5 -j SEP-0
        -A SVC -j SEP-1
        COMMIT
        """;
    Table nat = ServiceChains.parse(IpFamily.IPV4, text).tables().get(0);
    TableProgram program = TableProgram.compile(IpFamily.IPV4, nat, IndexLimits.DEFAULT).copy();
    int chain = program.starts()[program.chain("SVC")];
    int choices = choicesOfService(program);
    int first = choices + ChoiceCode.called(2, 0, false);
    int second = choices + ChoiceCode.called(2, 1, false);

    assertThat(program.code()[chain + ChainCode.CHOICES]).isEqualTo(second + 1 - choices);
    assertThat(program.code()[chain + ChainCode.PLAIN]).isEqualTo(1);
    assertThat(ChoiceCode.areCounted(program.code()[choices])).isTrue();
    assertThat(program.code()[first]).isEqualTo(choices - first);
    assertThat(walk(program).sends(choices, 0, tcp("10.0.1.4"))).isTrue();
    assertThat(walk(program).sends(choices, 1, tcp("10.0.1.2"))).isTrue();
    assertThat(walk(program).sends(choices, 0, tcp("10.0.1.2"))).as("its own").isFalse();
    assertThat(walk(program).sends(choices, 0, tcp("10.0.1.4").protocol(IpProtocol.UDP))).isFalse();
    update(program, "SEP-0", 1);
    assertThat(ChoiceCode.areCounted(program.code()[choices])).isFalse();
    assertThat(walk(program).sends(choices, 0, tcp("10.0.1.4"))).as("updated").isFalse();
    assertThat(walk(program).sends(choices, 1, tcp("10.0.1.4"))).isTrue();
    assertThat(program.code()[first]).isEqualTo(ChoiceCode.NOT_KNOWN);
    assertThat(program.code()[second]).isEqualTo(choices - second);
    update(program, "SVC", 2);
    for (String endpoint : List.of("SEP-0", "SEP-1")) {
      int start = program.starts()[program.chain(endpoint)];
      assertThat(program.code()[program.code()[start + ChainCode.CHOSEN_BY]]).isEqualTo(start);
    }
    assertThat(ChoiceCode.areCounted(program.code()[choicesOfService(program)])).isFalse();
    update(program, "SVC", 1);
    assertThat(ChoiceCode.areCounted(program.code()[choicesOfService(program)])).isTrue();
    update(program, "SEP-1", 1);
    assertThat(ChoiceCode.areCounted(program.code()[choicesOfService(program)])).isFalse();
    update(program, "SEP-1,SVC", 1);
    assertThat(ChoiceCode.areCounted(program.code()[choicesOfService(program)])).isTrue();
    update(program, "SEP-1", 1);
    TableProgram compacted = program.compacted();
    assertThat(ChoiceCode.areCounted(program.code()[choicesOfService(program)])).isFalse();
    assertThat(ChoiceCode.areCounted(compacted.code()[choicesOfService(compacted)])).isTrue();
  }

  private static void update(TableProgram program, String chains, int callers) {
    ImmutableList<Chain> changed =
        Stream.of(chains.split(","))
            .map(chain -> program.find(chain).orElseThrow())
            .collect(ImmutableList.toImmutableList());
    program.update(new TableUpdate(TableName.NAT, changed, ImmutableSet.of()), called -> callers);
  }

  private static int choicesOfService(TableProgram program) {
    int chain = program.starts()[program.chain("SVC")];
    return ChainCode.behind(program.code(), chain + ChainCode.RULES, 1);
  }
}
