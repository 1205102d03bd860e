package dev.packetpath.bench;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random rules as firewalls have them, and packets aimed at them. The shares of prefix lengths,
 * protocols and kinds of port ranges follow those of the firewall seeds of ClassBench (Taylor and
 * Turner: ClassBench, a packet classification benchmark, 2007), rounded; inversions are added. One
 * seed gives one result.
 */
final class FirewallRules {
  private static final int[] PORTS = {
    20, 21, 22, 23, 25, 53, 67, 80, 88, 110, 111, 119, 123, 135, 139, 143, 161, 389, 443, 445, 465,
    514, 587, 636, 993, 995, 1433, 1521, 1723, 3128, 3306, 3389, 5060, 5432, 6379, 8080, 8443, 9090,
    9200, 27017
  };
  private static final int SITES = 64;
  private static final int FEWEST_ADDRESS_BITS = 32;

  private final SplittableRandom random;
  private final List<FilterRule> rules;

  FirewallRules(int count, long seed) {
    this.random = new SplittableRandom(seed);
    Set<FilterRule> distinct = new LinkedHashSet<>();
    while (distinct.size() < count) {
      distinct.add(rule());
    }
    this.rules = List.copyOf(distinct);
  }

  List<FilterRule> rules() {
    return rules;
  }

  /** A rule that asks for too few address bits would end most walks early. */
  private FilterRule rule() {
    IpPrefix source = prefix(pick(35, 0, 5, 8, 10, 16, 20, 24, 5, 28, 25, 32));
    IpPrefix destination = prefix(pick(15, 0, 3, 8, 7, 16, 25, 24, 10, 28, 40, 32));
    if (source.length() + destination.length() < FEWEST_ADDRESS_BITS) {
      destination = prefix(32);
    }
    int protocol = pick(62, IpProtocol.TCP, 25, IpProtocol.UDP, 5, IpProtocol.ICMP, 8, 0);
    boolean ported = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
    return new FilterRule(
        source,
        source.length() > 24 && chance(2),
        destination,
        false,
        protocol,
        ported ? ports(85, 10, 0, 1, 4) : PortBounds.ANY,
        ported ? inverted(ports(15, 8, 3, 12, 62)) : PortBounds.ANY,
        chance(60));
  }

  private PortBounds inverted(PortBounds ports) {
    return chance(3) && !ports.asksNothing()
        ? new PortBounds(ports.low(), ports.high(), true)
        : ports;
  }

  /** Returns all ports, the high ones, the low ones, a range of some or one, with these odds. */
  private PortBounds ports(int any, int high, int low, int range, int exact) {
    return switch (pick(any, 0, high, 1, low, 2, range, 3, exact, 4)) {
      case 0 -> PortBounds.ANY;
      case 1 -> new PortBounds(1024, 0xffff, false);
      case 2 -> new PortBounds(0, 1023, false);
      case 3 -> {
        int first = random.nextInt(1, 60_000);
        yield new PortBounds(first, first + random.nextInt(1, 5_000), false);
      }
      default -> PortBounds.exactly(PORTS[random.nextInt(PORTS.length)]);
    };
  }

  /** Prefixes nest in those of a few sites. */
  private IpPrefix prefix(int length) {
    int site = 0x0a00_0000 | random.nextInt(SITES) << 18;
    return IpPrefix.of(IpAddress.ipv4(site | random.nextInt(1 << 14)), length);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Returns one of some values: first its odds in percent, then itself, and so on. */
  private int pick(int... oddsAndValues) {
    int drawn = random.nextInt(100);
    for (int i = 0; ; i += 2) {
      drawn -= oddsAndValues[i];
      if (drawn < 0 || i + 2 == oddsAndValues.length) {
        return oddsAndValues[i + 1];
      }
    }
  }

  /**
   * Returns packets that meet what some rule asks, each rule as often, and a tenth that need not.
   */
  List<Packet> packets(int count) {
    List<Packet> packets = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      FilterRule rule = rules.get(random.nextInt(rules.size()));
      IpPrefix from = chance(10) || rule.sourceInverted() ? prefix(32) : rule.source();
      IpPrefix to = chance(10) ? prefix(32) : rule.destination();
      int protocol = rule.protocol() == 0 ? IpProtocol.TCP : rule.protocol();
      packets.add(
          new Packet()
              .addresses(within(from), within(to))
              .protocol(protocol)
              .ports(within(rule.sourcePorts()), within(rule.destinationPorts())));
    }
    return packets;
  }

  private IpAddress within(IpPrefix prefix) {
    long anywhere = prefix.length() == 0 ? prefix(32).address().low() : random.nextInt();
    long mask = IpPrefix.maskLow(prefix.family(), prefix.length());
    return IpAddress.ipv4((int) (prefix.address().low() | (anywhere & ~mask)));
  }

  private int within(PortBounds ports) {
    if (ports.inverted()) {
      return ports.low() == 0 ? 0xffff : 0;
    }
    return random.nextInt(ports.low(), ports.high() + 1);
  }
}
