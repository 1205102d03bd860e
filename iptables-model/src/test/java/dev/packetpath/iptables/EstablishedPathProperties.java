package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.conntrack.Tuple;
import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/**
 * Segments of established connections, which are taken past the hooks where the walks are compiled
 * and never where they are walked rule by rule: nothing that can be seen differs.
 */
final class EstablishedPathProperties {
  private static final String VIP = "10.0.1.100";
  private static final int ACK = TcpFlags.ACK;
  private static final String[] OPENINGS = {
    "-m mark --mark 0x1/0x1",
    "-m conntrack --ctstate NEW",
    "-m conntrack --ctstate RELATED,ESTABLISHED",
    "-m conntrack --ctstate DNAT",
    "-i eth0",
    "! -i eth0",
    "-m comment --comment all"
  };
  private static final String[] OTHERS = {
    "-s 10.0.1.2/32",
    "-p tcp -m tcp --dport 80",
    "-m tcp -p tcp --tcp-flags PSH PSH",
    "-m ttl --ttl-eq 63"
  };

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void nothingDiffers(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    TwoWalks both = new TwoWalks(RulesetProgram.compile(rules(random)), seed, false);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 100; i++) {
        step(both, random);
      }
      both.compareCounters();
      both.compareConnections();
      change(both, random);
    }
    both.compareCounters();
  }

  /** First packets alone, which meet the same functions as others of their kind. */
  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void nothingDiffersForFirstPackets(@ForAll long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    TwoWalks both = new TwoWalks(RulesetProgram.compile(rules(random)), seed, false);
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 60; i++) {
        long gap = random.nextInt(20) == 0 ? 130 * VirtualClock.NS_PER_SECOND : 1_000_000;
        boolean back = random.nextInt(8) == 0;
        both.receive(vary(syn(random, 30), random), back ? TwoWalks.ETH1 : TwoWalks.ETH0, gap);
      }
      both.compareCounters();
      both.compareConnections();
      change(both, random);
    }
    both.compareCounters();
  }

  private static void step(TwoWalks both, SplittableRandom random) {
    List<Connection> live = both.conntrack().connections();
    long gap = random.nextInt(40) == 0 ? 500 * VirtualClock.NS_PER_SECOND : 1_000_000;
    boolean opens = live.size() < 2 || random.nextInt(12) == 0;
    if (opens) {
      open(both, random, gap);
      return;
    }
    Connection connection = live.get(random.nextInt(live.size()));
    Direction direction = random.nextBoolean() ? Direction.ORIGINAL : Direction.REPLY;
    Packet packet = vary(segment(connection.tuple(direction), flags(random)), random);
    packet.tcpSequence(number(random)).tcpAcknowledgment(number(random));
    boolean back = direction == Direction.REPLY ^ random.nextInt(30) == 0;
    both.receive(packet, back ? TwoWalks.ETH1 : TwoWalks.ETH0, gap);
  }

  /** Most connections get through their handshake. */
  private static void open(TwoWalks both, SplittableRandom random, long gap) {
    both.receive(syn(random, 4), TwoWalks.ETH0, gap);
    List<Connection> live = both.conntrack().connections();
    if (live.isEmpty() || random.nextInt(8) == 0) {
      return;
    }
    Connection newest = live.get(live.size() - 1);
    Packet answer = segment(newest.reply(), TcpFlags.SYN | ACK).tcpAcknowledgment(1);
    both.receive(answer, TwoWalks.ETH1, 1_000_000);
    Packet last = segment(newest.original(), ACK).tcpSequence(1).tcpAcknowledgment(1);
    both.receive(last, TwoWalks.ETH0, 1_000_000);
  }

  private static Packet syn(SplittableRandom random, int ports) {
    String server = random.nextBoolean() ? VIP : "10.0.1." + (10 + random.nextInt(3));
    return new Packet()
        .addresses(IpAddress.parse("10.0.1." + (2 + random.nextInt(3))), IpAddress.parse(server))
        .ports(1000 + random.nextInt(ports), 80)
        .tcpFlags(TcpFlags.SYN);
  }

  private static Packet segment(Tuple tuple, int flags) {
    return new Packet()
        .addresses(tuple.source(), tuple.destination())
        .protocol(IpProtocol.TCP)
        .ports(tuple.sourcePort(), tuple.destinationPort())
        .tcpFlags(flags);
  }

  private static int flags(SplittableRandom random) {
    return switch (random.nextInt(30)) {
      case 0 -> TcpFlags.FIN | ACK;
      case 1 -> TcpFlags.RST | ACK;
      case 2 -> TcpFlags.SYN;
      case 3 -> TcpFlags.URG | ACK;
      case 4 -> 0;
      case 5, 6, 7, 8 -> TcpFlags.PSH | ACK;
      default -> ACK;
    };
  }

  private static int number(SplittableRandom random) {
    return switch (random.nextInt(12)) {
      case 0 -> 2 + random.nextInt(2000);
      case 1 -> random.nextInt();
      default -> 1;
    };
  }

  private static Packet vary(Packet packet, SplittableRandom random) {
    return switch (random.nextInt(24)) {
      case 0 -> packet.mark(1 + random.nextInt(3));
      case 1 -> packet.ttl(random.nextInt(3));
      case 2 -> packet.tos(8);
      case 3 -> packet.payloadLength(1460 + random.nextInt(2));
      case 4 -> packet.payloadLength(1461).dontFragment(true);
      case 5 -> packet.moreFragments(true);
      case 6 -> packet.checksumValid(false);
      case 7 -> packet.transportTruncated(true);
      case 8 -> packet.tcpOptions(new byte[] {1, 1, 1, 0});
      case 9 -> packet.tcpWindow(random.nextInt(3));
      case 10, 11, 12, 13 -> packet.payloadLength(random.nextInt(100));
      default -> packet;
    };
  }

  private static void change(TwoWalks both, SplittableRandom random) throws IOException {
    if (random.nextBoolean()) {
      Table drawn = rules(random).tables().get(random.nextInt(3));
      ImmutableList<Chain> chains =
          drawn.chains().stream()
              .filter(chain -> random.nextBoolean())
              .collect(ImmutableList.toImmutableList());
      TableUpdate update = new TableUpdate(drawn.name(), chains, ImmutableSet.of());
      both.compiled().update(update);
      both.reference().update(update);
    }
  }

  private static Ruleset rules(SplittableRandom random) throws IOException {
    StringBuilder text = new StringBuilder();
    for (TableName table : List.of(TableName.RAW, TableName.MANGLE, TableName.FILTER)) {
      text.append('*').append(table.text()).append('\n');
      table.hooks().forEach(hook -> text.append(":%s ACCEPT [0:0]\n".formatted(hook)));
      text.append(":C - [0:0]\n");
      table.hooks().forEach(hook -> chain(text, table, hook.name(), random));
      chain(text, table, "C", random);
      text.append("COMMIT\n");
    }
    text.append(
        """
        *nat
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A PREROUTING -d %s/32 -p tcp -j DNAT --to-destination 10.0.1.10%s
        %s
        COMMIT
        """
            .formatted(
                VIP,
                random.nextBoolean() ? ":8080" : "",
                random.nextBoolean() ? "-A POSTROUTING -o eth1 -j MASQUERADE" : ""));
    return FilterLab.parse(text.toString());
  }

  private static void chain(
      StringBuilder text, TableName table, String name, SplittableRandom random) {
    int rules = random.nextInt(4);
    for (int i = 0; i < rules; i++) {
      boolean leaves = name.equals("OUTPUT") || name.equals("POSTROUTING");
      String matches =
          random.nextInt(15) == 0
              ? OTHERS[random.nextInt(OTHERS.length)]
              : OPENINGS[random.nextInt(OPENINGS.length)];
      text.append("-A ").append(name).append(' ');
      text.append(leaves ? matches.replace("-i eth0", "-o eth1") : matches);
      text.append(
          switch (random.nextInt(20)) {
            case 0 -> " -j DROP";
            case 1 -> table == TableName.MANGLE ? " -j MARK --set-xmark 0x1/0x1" : " -j RETURN";
            case 2 -> table == TableName.RAW ? " -j NOTRACK" : " -j ACCEPT";
            case 3, 4, 5, 6, 7, 8 -> name.equals("C") ? " -j RETURN" : " -j C";
            case 9, 10 -> " -j ACCEPT";
            default -> "";
          });
      text.append('\n');
    }
  }

  /** How many packets of a connection a function at PREROUTING sees. */
  private static int seenOf(String rule, int packets) throws IOException {
    TwoWalks both = new TwoWalks(RulesetProgram.compile(FilterLab.filter(rule)), 1, false);
    int[] seen = {0};
    both.host()
        .hooks()
        .register(
            IpFamily.IPV4,
            Hook.PREROUTING,
            0,
            "test",
            (packet, state) -> {
              seen[0]++;
              both.host().recording().repeats();
              return Verdict.ACCEPT;
            });
    Device in = TwoWalks.ETH0;
    Packet syn =
        new Packet()
            .addresses(IpAddress.parse("10.0.1.2"), IpAddress.parse("10.0.1.10"))
            .ports(1000, 80)
            .tcpFlags(TcpFlags.SYN);
    both.host().receive(syn.copy(), in);
    Connection connection = both.conntrack().connections().get(0);
    Packet answer = segment(connection.reply(), TcpFlags.SYN | ACK).tcpAcknowledgment(1);
    both.host().receive(answer, TwoWalks.ETH1);
    seen[0] = 0;
    for (int i = 0; i < packets; i++) {
      both.host().receive(syn.copy().tcpFlags(ACK).tcpSequence(1).tcpAcknowledgment(1), in);
    }
    return seen[0];
  }

  /** The copy is dropped at OUTPUT, where functions spoke that do the same for each packet. */
  @Test
  void whatSendsCopiesGoesOverTheHooks() throws IOException {
    TwoWalks both =
        new TwoWalks(
            RulesetProgram.compile(
                FilterLab.parse(
                    """
                    *mangle
                    :PREROUTING ACCEPT [0:0]
                    :INPUT ACCEPT [0:0]
                    :FORWARD ACCEPT [0:0]
                    :OUTPUT ACCEPT [0:0]
                    :POSTROUTING ACCEPT [0:0]
                    -A PREROUTING -i eth0 -j TEE --gateway 10.0.1.11
                    -A FORWARD -p tcp -m tcp --tcp-flags PSH PSH
                    COMMIT
                    *filter
                    :INPUT ACCEPT [0:0]
                    :FORWARD ACCEPT [0:0]
                    :OUTPUT DROP [0:0]
                    -A FORWARD -p tcp -m tcp --dport 80 -j ACCEPT
                    COMMIT
                    """)),
            1,
            false);
    SplittableRandom random = new SplittableRandom(1);
    while (both.conntrack().size() == 0) {
      open(both, random, 1_000_000);
    }
    Connection connection = both.conntrack().connections().get(0);
    for (int i = 0; i < 20; i++) {
      Packet packet = segment(connection.original(), ACK).tcpSequence(1).tcpAcknowledgment(1);
      both.receive(packet, TwoWalks.ETH0, 1_000_000);
    }
    both.compareCounters();
  }

  /** The first makes the connection one that lasts, the way of the second is recorded. */
  @Test
  void onlyTheFirstSegmentsGoOverTheHooks() throws IOException {
    assertThat(seenOf("-A FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT", 9)).isEqualTo(2);
    assertThat(seenOf("", 9)).isEqualTo(2);
  }

  @Test
  void whatDependsOnMoreGoesOverTheHooks() throws IOException {
    assertThat(seenOf("-A FORWARD -s 10.0.1.2/32 -j ACCEPT", 9)).isEqualTo(9);
    assertThat(seenOf("-A FORWARD -m limit --limit 1/s -j ACCEPT", 9)).isEqualTo(9);
  }
}
