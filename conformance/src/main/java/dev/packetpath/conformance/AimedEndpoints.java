package dev.packetpath.conformance;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.iptables.Ruleset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Draws who talks to whom so that the packets reach and meet the rules of a rule set. */
final class AimedEndpoints {
  private static final Set<String> LAB_DEVICES = Set.of("eth0", "eth1");
  private static final ImmutableList<IpPrefix> CONNECTED =
      Stream.of("10.0.1.0/24", "10.0.2.0/24", "fd00:1::/64", "fd00:2::/64")
          .map(IpPrefix::parse)
          .collect(ImmutableList.toImmutableList());
  private static final int LAST_NEIGHBOUR = 15;
  private static final int FIRST_PORT = 20_000;
  private static final int PORTS = 40_000;
  private static final int HIGHEST_PORT = 65_535;

  /** The protocols that have an index of more than 16 bits where others have ports. */
  private static final Set<String> INDEXED = Set.of("esp", "ah");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

  private final Ruleset ruleset;
  private final Random random;
  private final boolean v4;

  AimedEndpoints(Ruleset ruleset, Random random) {
    this.ruleset = ruleset;
    this.random = random;
    this.v4 = ruleset.family() == IpFamily.IPV4;
  }

  /** Returns who talks in the flow of a number: nine in ten as a rule asks, the others anyhow. */
  Endpoints draw(int number) {
    RuleAim aim = RuleAim.draw(ruleset, random);
    LabAddresses.Client client = client(aim);
    boolean local = client.at().equals("local");
    String source = local ? client.address() : address(aim.option("-s"), client.address());
    String destination = address(aim.option("-d"), destination(aim, client));
    String protocol = protocol(aim);
    int clientPort = port(aim.option("--sport", "--sports"), FIRST_PORT + number % PORTS);
    int asked =
        port(
            aim.option("--dport", "--dports", "--ports", "--espspi", "--ahspi", "--mh-type"),
            LabAddresses.port(random));
    return new Endpoints(
        client.at(),
        source,
        destination,
        protocol,
        clientPort,
        INDEXED.contains(protocol) ? asked : Math.min(asked, HIGHEST_PORT),
        icmpType(aim, protocol));
  }

  private LabAddresses.Client client(RuleAim aim) {
    String at = aim.option("-i").filter(LAB_DEVICES::contains).orElse("");
    if (at.isEmpty() && (aim.baseChain().equals("OUTPUT") || aim.option("-i").equals(LOOPBACK))) {
      at = "local";
    }
    LabAddresses.Client client = LabAddresses.client(random, ruleset.family());
    for (int tries = 0; tries < 50 && !at.isEmpty() && !client.at().equals(at); tries++) {
      client = LabAddresses.client(random, ruleset.family());
    }
    return client;
  }

  private static final Optional<String> LOOPBACK = Optional.of("lo");

  /** An address of the node for INPUT, of a network behind the device that a rule asks for. */
  private String destination(RuleAim aim, LabAddresses.Client client) {
    if (aim.baseChain().equals("INPUT") || aim.option("-o").equals(LOOPBACK)) {
      return v4 ? random.nextBoolean() ? "10.0.1.1" : "10.0.2.1" : "fd00:1::1";
    }
    Optional<String> out = aim.option("-o").filter(LAB_DEVICES::contains);
    if (out.isPresent()) {
      boolean first = out.get().equals("eth0");
      return v4 ? first ? "10.1.0.5" : "10.2.0.5" : first ? "fd01::5" : "fd02::5";
    }
    return LabAddresses.destination(random, client);
  }

  /** Returns an address of the prefix that is asked for. */
  private String address(Optional<String> asked, String otherwise) {
    if (asked.isEmpty() || random.nextInt(100) < 10) {
      return otherwise;
    }
    List<String> parts = Splitter.on('/').splitToList(asked.get());
    IpAddress network = IpAddress.parse(parts.get(0));
    int bits = ruleset.family().bits();
    String mask = parts.size() > 1 ? parts.get(1) : Integer.toString(bits);
    if (!NUMBER.matcher(mask).matches()) {
      return network.toString();
    }
    int hostBits = Math.min(bits - Integer.parseInt(mask), Integer.SIZE - 2);
    long host = hostBits == 0 ? 0 : random.nextInt(1 << hostBits);
    long low = network.low() | host;
    return v4
        ? neighbour(IpAddress.ipv4((int) low))
        : neighbour(IpAddress.ipv6(network.high(), low));
  }

  /** Of the networks that the node is connected to, only few hosts are there. */
  private static String neighbour(IpAddress address) {
    for (IpPrefix connected : CONNECTED) {
      if (connected.contains(address)) {
        long host = address.low() & ~connected.address().low();
        long there = host <= LAST_NEIGHBOUR ? host : 2 + host % (LAST_NEIGHBOUR - 1);
        return address.family() == IpFamily.IPV4
            ? IpAddress.ipv4((int) (connected.address().low() | there)).toString()
            : IpAddress.ipv6(address.high(), there).toString();
      }
    }
    return address.toString();
  }

  private String protocol(RuleAim aim) {
    String icmp = v4 ? "icmp" : "icmpv6";
    String asked = aim.option("-p").orElse("");
    return switch (asked) {
      case "tcp", "udp", "sctp", "udplite" -> asked;
      case "icmp", "ipv6-icmp", "icmpv6" -> icmp;
      case "esp" -> asked;
      case "ah" -> v4 ? asked : icmp; // in IPv6 it is an extension header, which is not modelled
      case "mh", "ipv6-mh", "mobility-header", "135" -> v4 ? icmp : "mh";
      default -> List.of("tcp", "tcp", "tcp", "udp", "udp", icmp).get(random.nextInt(6));
    };
  }

  /** Returns a port of a list of ports and ranges, now and then one beside it. */
  private int port(Optional<String> asked, int otherwise) {
    if (asked.isEmpty() || random.nextInt(100) < 10) {
      return otherwise;
    }
    List<String> list = Splitter.on(',').splitToList(asked.get());
    List<String> range = Splitter.on(':').splitToList(list.get(random.nextInt(list.size())));
    int first = number(range.get(0), 0);
    int last = range.size() > 1 ? number(range.get(1), HIGHEST_PORT) : first;
    int port = first + random.nextInt(Math.max(1, last - first + 1));
    return random.nextInt(100) < 8 ? Math.min(HIGHEST_PORT, last + 1) : port;
  }

  private static int number(String text, int otherwise) {
    return NUMBER.matcher(text).matches() ? Integer.parseInt(text) : otherwise;
  }

  /** Errors are sent by conversations themselves, with what they quote. */
  private OptionalInt icmpType(RuleAim aim, String protocol) {
    int type =
        number(
            Splitter.on('/')
                .splitToList(aim.option("--icmp-type", "--icmpv6-type").orElse(""))
                .get(0),
            -1);
    boolean error = v4 ? Set.of(3, 4, 5, 11, 12).contains(type) : type < 128;
    return protocol.startsWith("icmp") && type >= 0 && type <= 255 && !error
        ? OptionalInt.of(type)
        : OptionalInt.empty();
  }
}
