package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** What becomes of packets does not depend on whether they came together. */
final class BurstProperties {
  private static final int SERVICES = LookAhead.MIN_RULES + 40;
  private static final int CHAINS = 7;
  private static final int MOST_TOGETHER = 40;
  private static final int[] PROTOCOLS = {IpProtocol.TCP, IpProtocol.TCP, IpProtocol.UDP};
  private static final int[] FLAGS = {TcpFlags.SYN, TcpFlags.SYN, TcpFlags.ACK, TcpFlags.RST};

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void packetsGoTheSameWayTogetherAndOneByOne(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RulesetProgram program =
        RulesetProgram.compile(ServiceChains.parse(IpFamily.IPV4, rules(random)));
    TwoWalks both = new TwoWalks(program, seed, random.nextInt(8) == 0);
    for (int burst = 0; burst < 12; burst++) {
      List<Packet> packets =
          Stream.generate(() -> packet(random)).limit(1 + random.nextInt(MOST_TOGETHER)).toList();
      both.receiveTogether(packets, random.nextBoolean() ? TwoWalks.ETH0 : TwoWalks.ETH1, 1_000);
      if (random.nextInt(4) == 0) {
        TableUpdate update = update(random);
        both.compiled().update(update);
        both.reference().update(update);
        both.send(packet(random), 1_000);
      }
    }
    both.compareCounters();
    both.compareConnections();
  }

  private static String rules(SplittableRandom random) {
    StringBuilder text = new StringBuilder("*nat\n:PREROUTING ACCEPT [0:0]\n:SERVICES - [0:0]\n");
    for (int chain = 0; chain < CHAINS; chain++) {
      text.append(":SVC-%d - [0:0]\n:SEP-%<d - [0:0]\n".formatted(chain));
    }
    text.append("-A PREROUTING -j SERVICES\n");
    int withoutPort = random.nextInt(2 * SERVICES);
    for (int service = 0; service < SERVICES; service++) {
      text.append("-A SERVICES -d ").append(address(service)).append("/32 -p tcp");
      text.append(service == withoutPort ? "" : " -m tcp --dport 80");
      text.append(" -j SVC-").append(service % CHAINS).append('\n');
    }
    for (int chain = 0; chain < CHAINS; chain++) {
      text.append(
          "-A SVC-%d -m statistic --mode random --probability 0.5 -j SEP-%<d\n".formatted(chain));
      text.append(serviceRule(chain, (chain + 1) % CHAINS));
      text.append(
          "-A SEP-%d -p tcp -m tcp -j DNAT --to-destination 10.0.1.%d:8080\n"
              .formatted(chain, 10 + chain % 5));
    }
    return text.append("COMMIT\n").toString();
  }

  private static String serviceRule(int chain, int endpoint) {
    return "-A SVC-%d -j SEP-%d\n".formatted(chain, endpoint);
  }

  /** Replaces the chain of a Service, or that of all Services, where some are now another's. */
  private static TableUpdate update(SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      Table nat = ServiceChains.parse(IpFamily.IPV4, rules(random)).tables().get(0);
      Chain services =
          nat.chains().stream().filter(c -> c.name().equals("SERVICES")).findAny().orElseThrow();
      int first = random.nextInt(SERVICES);
      ImmutableList<Rule> others = services.rules().subList(first, SERVICES);
      return new TableUpdate(
          TableName.NAT,
          ImmutableList.of(new Chain("SERVICES", Optional.empty(), Counters.ZERO, others)),
          ImmutableSet.of());
    }
    int chain = random.nextInt(CHAINS);
    String text =
        "*nat\n:SVC-%d - [0:0]\n:SEP-%d - [0:0]\n".formatted(chain, (chain + 1) % CHAINS)
            + serviceRule(chain, (chain + 1) % CHAINS)
            + "COMMIT\n";
    Table table = ServiceChains.parse(IpFamily.IPV4, text).tables().get(0);
    return new TableUpdate(
        TableName.NAT, ImmutableList.of(table.chains().get(0)), ImmutableSet.of());
  }

  private static Packet packet(SplittableRandom random) {
    if (random.nextInt(20) == 0) {
      return new Packet()
          .addresses(IpAddress.parse("fd00:1::2"), IpAddress.parse("fd00:1::a"))
          .ports(1_024, 80);
    }
    return new Packet()
        .addresses(
            IpAddress.parse("10.0.1." + (2 + random.nextInt(3))),
            IpAddress.parse(address(random.nextInt(SERVICES + 10))))
        .protocol(PROTOCOLS[random.nextInt(PROTOCOLS.length)])
        .ports(1_024 + random.nextInt(50), random.nextInt(6) == 0 ? 81 : 80)
        .tcpFlags(FLAGS[random.nextInt(FLAGS.length)])
        .fragmentOffset(random.nextInt(30) == 0 ? 8 : 0);
  }

  /** Returns the address of a Service, counted from 0. */
  static String address(int service) {
    return "10.9.%d.%d".formatted(service >>> 8, service & 255);
  }
}
