package dev.packetpath.cli.calibrate;

import static dev.packetpath.cli.calibrate.PacketCase.ELSEWHERE;

import com.google.common.collect.ImmutableList;
import dev.packetpath.cli.calibrate.PacketCase.Flow;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The packets that are measured. Each case has one thing more than another, many times over where
 * once would be lost in the noise.
 */
final class PacketCases {
  /** How often a case has what it is there for. */
  static final int TIMES = 100;

  /** Lengths of a chain of rules as kube-proxy writes them. */
  static final ImmutableList<Integer> LENGTHS = ImmutableList.of(100, 1_000, 3_000, 10_000);

  static final PacketCase ROUTED = PacketCase.of("no tables");
  static final PacketCase CONNECTED =
      PacketCase.of("no tables, socket connected").withFlow(Flow.CONNECTED);
  static final PacketCase RAW = raw("raw table", "");
  static final PacketCase RULE = raw("rules of another destination", times(rule("10.96.0.1")));
  static final PacketCase MATCH = raw("rules of another port", times(rule(ELSEWHERE)));
  static final PacketCase MATCHED = raw("rules without a target", times("-A OUTPUT -p udp"));
  static final PacketCase TARGET =
      raw("rules with a target", times("-A OUTPUT -p udp -j MARK --set-xmark 0x0/0x0"));
  static final PacketCase CHAIN =
      raw("jumps to a chain", ":EMPTY - [0:0]\n" + times("-A OUTPUT -p udp -j EMPTY"));
  static final PacketCase SET =
      raw("rules with a set", times("-A OUTPUT -p udp -m set --match-set many dst"))
          .withSets("create many hash:ip\n" + members());

  private static final int MEMBERS = 1_000;
  private static final String TABLES =
      """
      *mangle
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      COMMIT
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      """;
  private static final String TRACKING =
      """
      :UNUSED - [0:0]
      -A UNUSED -m conntrack --ctstate NEW
      """;
  private static final String NAT_TABLE =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      -A POSTROUTING -d 10.201.0.1/32 -p udp -j SNAT --to-source 10.1.0.9
      COMMIT
      """;
  private static final String TRANSLATED = "10.201.0.1";

  /** Empty tables, without connection tracking. */
  static final String EMPTY_TABLES = TABLES + "COMMIT\n";

  /** The same with connection tracking. */
  static final String TRACKED_TABLES = TABLES + TRACKING + "COMMIT\n";

  /** The same with address translation, which no connection of ours needs. */
  static final String NAT_TABLES = TRACKED_TABLES + NAT_TABLE;

  static final PacketCase HOOKS = PacketCase.of("empty tables").withRules(EMPTY_TABLES);
  static final PacketCase TRACKED_SAME =
      PacketCase.of("conntrack, same flow").withRules(TRACKED_TABLES);
  static final PacketCase TRACKED_NEW =
      PacketCase.of("conntrack, new flow").withRules(TRACKED_TABLES).withFlow(Flow.NEW);
  static final PacketCase NAT_SAME = PacketCase.of("nat, same flow").withRules(NAT_TABLES);
  static final PacketCase NAT_NEW =
      PacketCase.of("nat, new flow").withRules(NAT_TABLES).withFlow(Flow.NEW);
  static final PacketCase SNAT_SAME =
      PacketCase.of("SNAT, same flow").withRules(NAT_TABLES).to(TRANSLATED);
  static final PacketCase SNAT_NEW =
      PacketCase.of("SNAT, new flow").withRules(NAT_TABLES).to(TRANSLATED).withFlow(Flow.NEW);

  static final PacketCase NFT = nft("nftables, no rules", "");
  static final PacketCase NFT_RULE =
      nft(
          "nftables, rules of another destination",
          nftTimes("ip daddr 10.96.0.1 udp dport 80 accept"));
  static final PacketCase NFT_MAP =
      nft(
          "nftables, look-ups in a map",
          nftTimes("ip daddr . meta l4proto . udp dport vmap @many"));

  private PacketCases() {}

  /** Returns all of them but those of nftables, in the order in which they have their turns. */
  static ImmutableList<PacketCase> iptables() {
    ImmutableList.Builder<PacketCase> cases = ImmutableList.builder();
    cases.add(ROUTED, CONNECTED, HOOKS, RAW, RULE, MATCH, MATCHED, TARGET, CHAIN, SET);
    cases.add(TRACKED_SAME, TRACKED_NEW, NAT_SAME, NAT_NEW, SNAT_SAME, SNAT_NEW);
    LENGTHS.forEach(length -> cases.add(chain(length)));
    return cases.build();
  }

  /** Returns those of nftables. */
  static ImmutableList<PacketCase> nftables() {
    return ImmutableList.of(NFT, NFT_RULE, NFT_MAP);
  }

  /** Returns the case of a chain of so many rules as kube-proxy writes them. */
  static PacketCase chain(int length) {
    return raw(
        length + " rules of Services",
        lines(
            IntStream.range(0, length)
                .mapToObj(
                    service ->
                        "-A OUTPUT -d %s/32 -p udp -m comment --comment \"default/svc-%s:http cluster IP\" -m udp --dport 80"
                            .formatted(ServiceConnections.address(service), service))
                .collect(Collectors.joining("\n"))));
  }

  private static PacketCase raw(String name, String rules) {
    return PacketCase.of(name)
        .withRules("*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n" + rules + "COMMIT\n");
  }

  private static PacketCase nft(String name, String rules) {
    return PacketCase.of(name)
        .withNftables(
            """
            table ip measured {
              map many {
                type ipv4_addr . inet_proto . inet_service : verdict
                elements = { %s }
              }
              chain none { }
              chain out {
                type filter hook output priority -300
            %s  }
            }
            """
                .formatted(
                    IntStream.range(0, MEMBERS)
                        .mapToObj(
                            member ->
                                ServiceConnections.address(member) + " . udp . 80 : goto none")
                        .collect(Collectors.joining(", ")),
                    rules));
  }

  private static String rule(String destination) {
    return "-A OUTPUT -d " + destination + "/32 -p udp -m udp --dport 80";
  }

  private static String times(String rule) {
    return lines(String.join("\n", Collections.nCopies(TIMES, rule)));
  }

  private static String nftTimes(String rule) {
    return times("    " + rule);
  }

  private static String lines(String text) {
    return text + "\n";
  }

  private static String members() {
    return lines(
        IntStream.range(0, MEMBERS)
            .mapToObj(member -> "add many " + ServiceConnections.address(member))
            .collect(Collectors.joining("\n")));
  }
}
