package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Chains that choose an endpoint as kube-proxy writes them, and some that only look so. */
final class EndpointWalkProperties {
  private static final int SERVICES = 3;
  private static final int ENDPOINTS = 4;
  private static final int FIRST_SERVICE = 10;
  private static final int[] PROTOCOLS = {
    IpProtocol.TCP, IpProtocol.TCP, IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP
  };

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void theyDoWhatTheReferenceDoesAlsoAfterUpdates(@ForAll long seed, @ForAll IpFamily family) {
    SplittableRandom random = new SplittableRandom(seed);
    RulesetProgram program = RulesetProgram.compile(rules(family, random));
    TwoWalks both = new TwoWalks(program, seed, false);
    TwoWalks others = new TwoWalks(program, seed + 1, false);
    send(both, family, random);
    send(others, family, random);
    both.compiled().addCounters(others.compiled());
    both.reference().addCounters(others.reference());
    for (int round = 0; round < 12; round++) {
      if (random.nextBoolean()) {
        both.compareCounters();
      }
      TableUpdate update = update(family, random);
      both.compiled().update(update);
      both.reference().update(update);
      send(both, family, random);
    }
    both.compareCounters();
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
        program.code(),
        new TableCounters(program.counters(), program.entries()),
        new WalkTally());
  }

  private static Packet tcp(String source) {
    return new Packet().addresses(IpAddress.parse(source), IpAddress.parse("10.0.1.100"));
  }

  private static void send(TwoWalks walks, IpFamily family, SplittableRandom random) {
    for (int i = 0; i < 40; i++) {
      walks.send(packet(family, random), 1_000);
    }
  }

  private static TableUpdate update(IpFamily family, SplittableRandom random) {
    ImmutableList<Chain> all = rules(family, random).tables().get(0).chains();
    int one = random.nextInt(all.size());
    boolean several = random.nextBoolean();
    ImmutableList<Chain> changed =
        Stream.iterate(0, i -> i < all.size(), i -> i + 1)
            .filter(i -> i == one || (several && random.nextInt(4) == 0))
            .map(all::get)
            .collect(ImmutableList.toImmutableList());
    return new TableUpdate(TableName.NAT, changed, ImmutableSet.of());
  }

  private static Ruleset rules(IpFamily family, SplittableRandom random) {
    StringBuilder text = new StringBuilder("*nat\n:MASQ - [0:0]\n:SERVICES - [0:0]\n");
    for (int service = 0; service < SERVICES; service++) {
      text.append(":SVC-%d - [0:0]\n".formatted(service));
      for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
        text.append(":SEP-%d-%d - [0:0]\n".formatted(service, endpoint));
      }
    }
    text.append("-A PREROUTING -j SERVICES\n-A OUTPUT -j SERVICES\n");
    text.append("-A MASQ -j MARK --set-xmark 0x4000/0x4000\n");
    for (int service = 0; service < SERVICES; service++) {
      text.append(
          "-A SERVICES -d %s -p %s -j SVC-%d\n"
              .formatted(address(family, FIRST_SERVICE + service), protocol(random), service));
      service(text, family, service, random);
      for (int endpoint = 0; endpoint < ENDPOINTS; endpoint++) {
        endpoint(text, family, "SEP-%d-%d".formatted(service, endpoint), random);
      }
    }
    return parse(family, text.append("COMMIT\n").toString());
  }

  private static void service(
      StringBuilder text, IpFamily family, int service, SplittableRandom random) {
    if (random.nextBoolean()) {
      text.append("-A SVC-%d -s %s -j MASQ\n".formatted(service, address(family, 2)));
    }
    int endpoints = random.nextInt(ENDPOINTS + 1);
    for (int endpoint = 0; endpoint < endpoints; endpoint++) {
      text.append("-A SVC-%d".formatted(service));
      text.append(" -m comment --comment c".repeat(random.nextInt(3)));
      if (endpoint < endpoints - 1 || random.nextInt(4) == 0) {
        text.append(" -m statistic --mode random");
        text.append(random.nextInt(12) == 0 ? " !" : "").append(" --probability 0.4");
      }
      text.append(random.nextInt(8) == 0 ? " -p tcp" : "");
      text.append(random.nextInt(8) == 0 ? " -g" : " -j");
      int owner = random.nextInt(12) == 0 ? random.nextInt(SERVICES) : service;
      text.append(" SEP-%d-%d\n".formatted(owner, endpoint));
    }
    if (random.nextInt(3) == 0) {
      text.append("-A SVC-%d -p udp -j RETURN\n".formatted(service));
    }
  }

  private static void endpoint(
      StringBuilder text, IpFamily family, String name, SplittableRandom random) {
    int number = 2 + random.nextInt(5);
    boolean other = random.nextInt(8) == 0;
    String source = address(family, other ? 3 : number);
    String not = random.nextInt(12) == 0 ? "! " : "";
    text.append("-A %s %s-s %s -j MASQ\n".formatted(name, not, source));
    String protocol = protocol(random);
    text.append("-A %s -p %s -m comment --comment c".formatted(name, protocol));
    if (random.nextBoolean()) {
      String flags = protocol.equals("tcp") && random.nextInt(4) == 0 ? " ! --syn" : "";
      text.append(" -m %s%s".formatted(protocol, flags));
    }
    String format = family == IpFamily.IPV4 ? "%s" : "[%s]";
    text.append(" -j DNAT --to-destination ")
        .append(format.formatted(address(family, number)))
        .append(random.nextInt(8) == 0 ? "\n" : ":8080\n");
    text.append(random.nextInt(12) == 0 ? "-A %s -j RETURN\n".formatted(name) : "");
  }

  private static String protocol(SplittableRandom random) {
    return random.nextInt(4) == 0 ? "udp" : "tcp";
  }

  private static String address(IpFamily family, int number) {
    return family == IpFamily.IPV4 ? "10.0.1." + number : "fd00:1::" + Integer.toHexString(number);
  }

  private static Packet packet(IpFamily family, SplittableRandom random) {
    String from = address(family, 2 + random.nextInt(5));
    String to = address(family, FIRST_SERVICE + random.nextInt(SERVICES));
    Packet packet =
        new Packet()
            .addresses(IpAddress.parse(from), IpAddress.parse(to))
            .protocol(PROTOCOLS[random.nextInt(PROTOCOLS.length)])
            .ports(1_024 + random.nextInt(60_000), 80)
            .tcpFlags(TcpFlags.SYN)
            .payloadLength(random.nextInt(40));
    packet.transportTruncated(random.nextInt(12) == 0);
    if (random.nextInt(12) == 0) {
      packet.fragmentOffset(random.nextInt(3)).moreFragments(random.nextBoolean());
    }
    return packet;
  }

  @Test
  void whatChoosesIsKnownUntilAnUpdateReplacesTheEndpoint() {
    String text =
        """
        *nat
        :SEP-0 - [0:0]
        :SEP-1 - [0:0]
        :SVC - [0:0]
        -A PREROUTING -j SVC
        -A SEP-0 -s 10.0.1.2 -j RETURN
        -A SEP-0 -p tcp -j DNAT --to-destination 10.0.1.2:80
        -A SEP-1 -s 10.0.1.3 -j RETURN
        -A SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.0.1.3:80
        -A SVC -p udp -j RETURN
        -A SVC -m statistic --mode random --probability 0.5 -j SEP-0
        -A SVC -j SEP-1
        COMMIT
        """;
    Table nat = parse(IpFamily.IPV4, text).tables().get(0);
    TableProgram program = TableProgram.compile(IpFamily.IPV4, nat, IndexLimits.DEFAULT).copy();
    int chain = program.starts()[program.chain("SVC")];
    int first = ChainCode.behind(program.code(), chain + ChainCode.RULES, 1);
    int second = first + ChoiceCode.words(false);

    assertThat(program.code()[chain + ChainCode.CHOICES]).isEqualTo(2 * ChoiceCode.words(false));
    assertThat(program.code()[chain + ChainCode.PLAIN]).isEqualTo(1);
    assertThat(program.code()[first + ChoiceCode.COUNTERS]).isNotNegative();
    assertThat(walk(program).sends(first, tcp("10.0.1.4"))).isTrue();
    assertThat(walk(program).sends(second, tcp("10.0.1.2"))).isTrue();
    assertThat(walk(program).sends(first, tcp("10.0.1.2"))).as("its own packet").isFalse();
    assertThat(walk(program).sends(first, tcp("10.0.1.4").protocol(IpProtocol.UDP))).isFalse();
    program.update(
        new TableUpdate(
            TableName.NAT,
            ImmutableList.of(program.find("SEP-0").orElseThrow()),
            ImmutableSet.of()));
    assertThat(walk(program).sends(first, tcp("10.0.1.4"))).as("after the update").isFalse();
    assertThat(walk(program).sends(second, tcp("10.0.1.4"))).isTrue();
    assertThat(program.code()[first + ChoiceCode.COUNTERS]).isEqualTo(ChoiceCode.NOT_KNOWN);
    assertThat(program.code()[second + ChoiceCode.COUNTERS]).isNotNegative();
    program.update(
        new TableUpdate(
            TableName.NAT, ImmutableList.of(program.find("SVC").orElseThrow()), ImmutableSet.of()));
    int moved = program.starts()[program.chain("SVC")];
    int choices = ChainCode.behind(program.code(), moved + ChainCode.RULES, 1);
    for (int choice = choices;
        choice < choices + 2 * ChoiceCode.words(false);
        choice += ChoiceCode.words(false)) {
      assertThat(program.code()[choice + ChoiceCode.COUNTERS]).isNotNegative();
      assertThat(program.code()[choice + ChoiceCode.ENTRY]).isNotNegative();
    }
  }

  private static Ruleset parse(IpFamily family, String text) {
    try {
      return RestoreParser.parse("rules", family, new StringReader(text));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }
}
