package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;

/**
 * Rule sets with long chains, and packets that meet them, drawn from a seed: few addresses and
 * ports, so that many rules of a chain have the same header or port, and matches that always hold,
 * that remember and that draw lots between them.
 */
final class LongChains {
  private static final String[] PROTOCOLS = {"tcp", "tcp", "udp", "sctp"};
  private static final int[] PORTS = {22, 53, 80, 443, 8080, 20000};
  private static final String[] DEVICES = {"eth0", "eth1", "eth+", "lo", "wlan0"};
  private static final int USER_CHAINS = 6;

  private final SplittableRandom random;
  private final IpFamily family;

  LongChains(long seed, IpFamily family) {
    this.random = new SplittableRandom(seed);
    this.family = family;
  }

  /** Returns a rule set of two tables whose chains have up to so many rules. */
  Ruleset ruleset(int maxRules) {
    StringBuilder text = new StringBuilder();
    for (TableName table : new TableName[] {TableName.MANGLE, TableName.NAT, TableName.FILTER}) {
      if (table == TableName.NAT && random.nextBoolean()) {
        continue;
      }
      text.append('*').append(table.text()).append('\n');
      table.hooks().forEach(hook -> text.append(":%s ACCEPT [0:0]\n".formatted(hook)));
      for (int chain = 0; chain < USER_CHAINS; chain++) {
        text.append(":C%d - [0:0]\n".formatted(chain));
      }
      table.hooks().forEach(hook -> chain(text, table, hook.name(), -1, maxRules));
      for (int chain = 0; chain < USER_CHAINS; chain++) {
        chain(text, table, "C" + chain, chain, random.nextInt(4) == 0 ? 3 : maxRules);
      }
      text.append("COMMIT\n");
    }
    try {
      return RestoreParser.parse("seed", family, new StringReader(text.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns an update of a table of {@link #ruleset}: some of its chains as another draw has them,
   * and perhaps a chain that only that draw calls.
   */
  TableUpdate update(Ruleset before, int maxRules) {
    Ruleset other = ruleset(maxRules);
    Table table = before.tables().get(random.nextInt(before.tables().size()));
    ImmutableList.Builder<Chain> chains = ImmutableList.builder();
    Table source = other.table(table.name()).orElse(Table.empty(table.name()));
    for (Chain chain : source.chains()) {
      if (random.nextInt(3) == 0) {
        chains.add(chain);
      }
    }
    return new TableUpdate(table.name(), chains.build(), ImmutableSet.of());
  }

  private void chain(StringBuilder text, TableName table, String name, int number, int maxRules) {
    int rules = random.nextInt(maxRules + 1);
    int style = random.nextInt(4);
    for (int i = 0; i < rules; i++) {
      text.append("-A ").append(name);
      switch (style) {
        case 0 -> portRule(text);
        case 1 -> serviceRule(text);
        default -> anyRule(text, deviceOption(name));
      }
      action(text, table, number);
      text.append('\n');
    }
  }

  /** As of node ports: the same header, a port each. */
  private void portRule(StringBuilder text) {
    text.append(random.nextInt(8) == 0 ? " -p udp" : " -p tcp");
    boolean tcp = text.charAt(text.length() - 3) == 't';
    comments(text);
    text.append(tcp ? " -m tcp" : " -m udp").append(" --dport ").append(port());
    if (random.nextInt(6) == 0) {
      match(text);
    }
  }

  /** As of Services: an address, a protocol, a port. */
  private void serviceRule(StringBuilder text) {
    String protocol = protocol();
    text.append(" -d ").append(address()).append(" -p ").append(protocol);
    comments(text);
    text.append(" -m ").append(protocol).append(" --dport ").append(port());
  }

  private static String deviceOption(String chain) {
    return chain.equals("OUTPUT") || chain.equals("POSTROUTING") ? " -o " : " -i ";
  }

  private void anyRule(StringBuilder text, String deviceOption) {
    if (random.nextInt(3) == 0) {
      prefix(text, " -s ");
    }
    if (random.nextInt(2) == 0) {
      prefix(text, " -d ");
    }
    if (random.nextInt(6) == 0) {
      text.append(not()).append(deviceOption).append(DEVICES[random.nextInt(DEVICES.length)]);
    }
    String protocol = "";
    if (random.nextInt(2) == 0) {
      protocol = protocol();
      text.append(" -p ").append(protocol);
    } else if (random.nextInt(6) == 0) {
      text.append(" ! -p tcp");
    }
    if (family == IpFamily.IPV4 && random.nextInt(12) == 0) {
      text.append(not()).append(" -f");
    }
    comments(text);
    if (random.nextInt(4) == 0) {
      match(text);
    }
    if (!protocol.isEmpty() && random.nextInt(3) > 0) {
      text.append(" -m ").append(protocol);
      if (random.nextInt(3) > 0) {
        text.append(not()).append(" --dport ").append(ports());
      }
      if (random.nextInt(4) == 0) {
        text.append(not()).append(" --sport ").append(ports());
      }
      if (protocol.equals("tcp") && random.nextInt(3) == 0) {
        text.append(not()).append(" --syn");
      }
    }
    if (random.nextInt(4) == 0) {
      match(text);
    }
  }

  private void comments(StringBuilder text) {
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(" -m comment --comment c").append(i);
    }
  }

  private void match(StringBuilder text) {
    text.append(
        switch (random.nextInt(8)) {
          case 0 -> " -m statistic --mode random" + not() + " --probability 0.25";
          case 1 -> " -m statistic --mode nth --every 3 --packet 1";
          case 2 -> " -m limit --limit 5/sec --limit-burst 3";
          case 3 -> " -m conntrack" + not() + " --ctstate NEW,RELATED";
          case 4 -> " -m mark" + not() + " --mark " + random.nextInt(4) + "/0x3";
          case 5 ->
              " -m recent --name r --rsource" + (random.nextBoolean() ? " --set" : " --rcheck");
          case 6 -> " -m length --length 0:" + (40 + random.nextInt(60));
          default -> " -m quota --quota 4000";
        });
  }

  private void action(StringBuilder text, TableName table, int number) {
    int kind = random.nextInt(20);
    if (kind < 6 && number < USER_CHAINS - 1) {
      int called = number + 1 + random.nextInt(USER_CHAINS - number - 1);
      text.append(kind == 0 ? " -g C" : " -j C").append(called);
    } else if (kind == 6) {
      text.append(" -j RETURN");
    } else if (kind == 7) {
      text.append(" -j ACCEPT");
    } else if (kind == 8 && table != TableName.NAT) {
      text.append(" -j DROP");
    } else if (kind < 12 && table == TableName.MANGLE) {
      text.append(
          kind == 9
              ? " -j MARK --set-xmark 0x1/0x1"
              : kind == 10 ? " -j TOS --set-tos 0x10/0x3f" : " -j CONNMARK --set-xmark 0x2/0x2");
    } else if (kind == 12) {
      text.append(" -j LOG");
    }
  }

  private void prefix(StringBuilder text, String option) {
    int bits = family.bits();
    text.append(random.nextInt(6) == 0 ? " !" : "").append(option).append(address());
    if (family == IpFamily.IPV4 && random.nextInt(8) == 0) {
      text.append("/255.255.0.7");
    } else {
      text.append('/').append(bits - new int[] {0, 0, 0, 1, 2, 4, 24}[random.nextInt(7)]);
    }
  }

  private String not() {
    return random.nextInt(5) == 0 ? " !" : "";
  }

  private String protocol() {
    return PROTOCOLS[random.nextInt(PROTOCOLS.length)];
  }

  private String ports() {
    return random.nextInt(3) > 0 ? "" + port() : random.nextInt(2) == 0 ? "50:500" : "1024:";
  }

  private int port() {
    return PORTS[random.nextInt(PORTS.length)];
  }

  private IpAddress address() {
    int host = random.nextInt(16);
    return family == IpFamily.IPV4
        ? IpAddress.ipv4(0x0a00_0100 + host)
        : IpAddress.ipv6(0xfd00_0001_0000_0000L, host);
  }

  /** Returns a packet; few of them are fragments or end before their ports. */
  Packet packet() {
    int[] protocols = {
      IpProtocol.TCP,
      IpProtocol.TCP,
      IpProtocol.UDP,
      IpProtocol.SCTP,
      family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6
    };
    Packet packet =
        new Packet()
            .addresses(address(), address())
            .protocol(protocols[random.nextInt(protocols.length)])
            .payloadLength(random.nextInt(40))
            .ttl(1 + random.nextInt(60))
            .id(random.nextInt(0x10000));
    if (packet.isIcmp()) {
      return packet.icmpType(family == IpFamily.IPV4 ? 8 : 128).icmpId(random.nextInt(3));
    }
    packet.ports(random.nextInt(2) == 0 ? port() : 1024 + random.nextInt(3), port());
    if (packet.protocol() == IpProtocol.TCP) {
      packet.tcpFlags(random.nextInt(2) == 0 ? 2 : random.nextInt(64));
    }
    packet.transportTruncated(random.nextInt(20) == 0);
    if (random.nextInt(20) == 0) {
      packet.fragmentOffset(random.nextInt(3)).moreFragments(random.nextBoolean());
    }
    return packet;
  }

  /** Returns how long after the last packet this one comes. */
  long gapNs() {
    return random.nextInt(8) == 0 ? random.nextLong(2_000_000_000L) : random.nextLong(100_000);
  }
}
