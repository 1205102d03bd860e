package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class ParallelNodeProperties {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);
  private static final long MS = 1_000_000;
  private static final String RULES =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :LIMITED - [0:0]
      -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      -A FORWARD -p udp -j LIMITED
      -A FORWARD -m statistic --mode random --probability 0.10000000009 -j DROP
      -A LIMITED -m limit --limit 1/sec -j DROP
      COMMIT
      *nat
      :PREROUTING ACCEPT [0:0]
      :INPUT ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :POSTROUTING ACCEPT [0:0]
      :SVC - [0:0]
      -A PREROUTING -d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j SVC
      -A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE
      -A SVC -p tcp -m statistic --mode random --probability 0.50000000000 -j DNAT --to-destination 10.0.2.2:8080
      -A SVC -p tcp -j DNAT --to-destination 10.0.2.3:8080
      COMMIT
      """;

  /** What happens to one flow next. */
  private enum Step {
    OPEN,
    ANSWER,
    GO_ON,
    MARKED_OPEN
  }

  private record Event(int client, int port, Step step) {
    Packet request() {
      return new Packet()
          .addresses(IpAddress.ipv4(0x0a00_0102 + client), IpAddress.parse("10.96.0.1"))
          .protocol(IpProtocol.TCP)
          .ports(1024 + port, 80);
    }
  }

  /** Plays all events that an engine takes and notes what became of each. */
  private record Play(List<Event> events, String[] outcomes) {
    void on(Engine engine) {
      Map<String, Packet> opened = new TreeMap<>();
      for (int i = 0; i < events.size(); i++) {
        Event event = events.get(i);
        Packet request = event.request();
        if (!engine.takes(request)) {
          continue;
        }
        int number = i;
        outcomes[number] = "nothing";
        engine.sink(
            new PacketSink() {
              @Override
              public void emitted(Device out, Packet packet) {
                outcomes[number] = out + " " + packet;
                if (event.step() == Step.OPEN) {
                  opened.put(event.client() + ":" + event.port(), packet.copy());
                }
              }

              @Override
              public void delivered(Packet packet) {
                outcomes[number] = "local " + packet;
              }
            });
        Packet opening = opened.getOrDefault(event.client() + ":" + event.port(), request);
        boolean answers = event.step() == Step.ANSWER;
        engine.receive(
            number,
            number * MS,
            answers ? answer(opening) : request.tcpFlags(flags(event.step())).mark(mark(event)),
            answers ? ETH1 : ETH0);
      }
    }

    private static Packet answer(Packet opening) {
      return new Packet()
          .addresses(opening.destination(), opening.source())
          .protocol(IpProtocol.TCP)
          .ports(opening.destinationPort(), opening.sourcePort())
          .tcpAcknowledgment(1)
          .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    }

    private static int flags(Step step) {
      return step == Step.GO_ON ? TcpFlags.ACK : TcpFlags.SYN;
    }

    private static int mark(Event event) {
      return event.step() == Step.MARKED_OPEN ? 0x4000 : 0;
    }
  }

  @Property(tries = 100)
  void anyNumberOfEnginesGivesOneResult(@ForAll("events") List<Event> events, @ForAll long seed)
      throws Exception {
    String[] expectedOutcomes = new String[events.size()];
    Totals expected = run(1, events, seed, expectedOutcomes);
    assertThat(expectedOutcomes).doesNotContainNull();
    for (int engines = 2; engines <= 3; engines++) {
      String[] outcomes = new String[events.size()];
      Totals totals = run(engines, events, seed, outcomes);
      assertThat(outcomes).isEqualTo(expectedOutcomes);
      assertThat(totals.rulesets()).isEqualTo(expected.rulesets());
      assertThat(sorted(totals)).isEqualTo(sorted(expected));
      assertThat(work(totals)).isEqualTo(work(expected));
    }
  }

  private static Totals run(int engines, List<Event> events, long seed, String[] outcomes)
      throws InterruptedException, IOException {
    ParallelNode node = ParallelNode.of(snapshot(RULES), engines, seed);
    node.run(new Play(events, outcomes)::on);
    return node.totals();
  }

  private static List<String> sorted(Totals totals) {
    return totals.connections().stream()
        .sorted(Comparator.comparing(entry -> entry.original().toString()))
        .map(Object::toString)
        .toList();
  }

  /** An engine's buckets hold its own entries only, so it compares fewer. */
  private static Map<String, Long> work(Totals totals) {
    Map<String, Long> work = new TreeMap<>(totals.work());
    work.remove("conntrackEntryCompared");
    return work;
  }

  @Provide
  Arbitrary<List<Event>> events() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 5),
            Arbitraries.integers().between(0, 3),
            Arbitraries.of(Step.OPEN, Step.OPEN, Step.ANSWER, Step.GO_ON))
        .as(Event::new)
        .list()
        .ofMaxSize(60);
  }

  @Example
  void rulesThatMayShareAreTold() throws IOException {
    assertThat(ParallelNode.of(snapshot(RULES), 2, 0).mayShare())
        .containsExactly("filter LIMITED rule 1 (limit)", "nat POSTROUTING rule 1 (MASQUERADE)");
  }

  @Example
  void whateverCountsLimitsRemembersOrLooksForAPortMayShare() throws IOException {
    String rules =
        """
        *raw
        :PREROUTING ACCEPT [0:0]
        -A PREROUTING -p tcp -m tcp --dport 21 -j CT --helper ftp
        -A PREROUTING -j CT --zone 1
        COMMIT
        *filter
        :FORWARD ACCEPT [0:0]
        -A FORWARD -m connlimit --connlimit-above 5 -j DROP
        -A FORWARD -m hashlimit --hashlimit-upto 5/sec --hashlimit-name a -j ACCEPT
        -A FORWARD -m quota --quota 1000 -j ACCEPT
        -A FORWARD -m recent --set --name b
        -A FORWARD -m statistic --mode nth --every 2 --packet 0 -j ACCEPT
        -A FORWARD -m set --match-set s src -j ACCEPT
        -A FORWARD -m set --match-set s src --packets-gt 3 -j ACCEPT
        -A FORWARD -j SET --add-set s src
        COMMIT
        *nat
        :PREROUTING ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A PREROUTING -p tcp -j DNAT --to-destination 10.0.2.2:80
        -A PREROUTING -p tcp -j DNAT --to-destination 10.0.2.2:80-90
        -A PREROUTING -p tcp -j REDIRECT --to-ports 80
        -A PREROUTING -p tcp -j REDIRECT --to-ports 80 --random
        -A POSTROUTING -j SNAT --to-source 10.0.2.1
        -A POSTROUTING -j NETMAP --to 10.0.2.0/24
        COMMIT
        """;
    assertThat(SharedRules.in(ruleset(rules)))
        .containsExactly(
            "raw PREROUTING rule 1 (CT)",
            "filter FORWARD rule 1 (connlimit)",
            "filter FORWARD rule 2 (hashlimit)",
            "filter FORWARD rule 3 (quota)",
            "filter FORWARD rule 4 (recent)",
            "filter FORWARD rule 5 (statistic)",
            "filter FORWARD rule 7 (set)",
            "filter FORWARD rule 8 (SET)",
            "nat PREROUTING rule 2 (DNAT)",
            "nat PREROUTING rule 4 (REDIRECT)",
            "nat POSTROUTING rule 1 (SNAT)",
            "nat POSTROUTING rule 2 (NETMAP)");
  }

  @Example
  void liveConnectionsGoToTheEnginesOfTheirSenders() throws Exception {
    List<Event> events = List.of(new Event(0, 0, Step.OPEN), new Event(3, 1, Step.OPEN));
    ParallelNode before = ParallelNode.of(snapshot(RULES), 1, 7);
    before.run(new Play(events, new String[2])::on);
    NodeSnapshot later = snapshot(RULES).withConnections(before.totals().connections());
    assertThat(ParallelNode.of(later, 3, 7).totals().connections()).hasSize(2);
  }

  @Example
  void totalsAreRefusedOnceAPacketCameToARuleThatShares() throws Exception {
    List<Event> events = List.of(new Event(0, 0, Step.OPEN), new Event(1, 1, Step.MARKED_OPEN));
    ParallelNode node = ParallelNode.of(snapshot(RULES), 2, 0);
    node.run(new Play(events, new String[2])::on);
    assertThatThrownBy(node::totals)
        .isInstanceOfSatisfying(
            SharedStateException.class,
            refused ->
                assertThat(refused.shared())
                    .containsExactly("nat POSTROUTING rule 1 (MASQUERADE)"));
  }

  @Example
  void totalsAreRefusedWhereTheTableMightHaveBeenFull() throws Exception {
    NodeSnapshot snapshot = snapshot(RULES, Map.of("net.netfilter.nf_conntrack_max", "3"));
    List<Event> events =
        Arrays.asList(
            new Event(0, 0, Step.OPEN),
            new Event(1, 1, Step.OPEN),
            new Event(2, 2, Step.OPEN),
            new Event(3, 3, Step.OPEN));
    ParallelNode node = ParallelNode.of(snapshot, 2, 1);
    node.run(new Play(events, new String[4])::on);
    assertThatThrownBy(node::totals).hasMessageContaining("a table for 3 connections");
  }

  @Example
  void aNodeThatLimitsIcmpErrorsNeedsOneEngine() throws IOException {
    NodeSnapshot snapshot = snapshot(RULES, Map.of("net.ipv4.icmp_ratelimit", "1000"));
    assertThat(ParallelNode.of(snapshot, 1, 0).engines()).hasSize(1);
    assertThatThrownBy(() -> ParallelNode.of(snapshot, 2, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("net.ipv4.icmp_ratelimit=1000");
  }

  @Example
  void theFailureOfAnEngineIsHandedOn() throws IOException {
    ParallelNode node = ParallelNode.of(snapshot(RULES), 2, 0);
    assertThatThrownBy(
            () ->
                node.run(
                    engine -> {
                      throw new IllegalArgumentException("no such packet");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("no such packet");
  }

  private static NodeSnapshot snapshot(String rules) throws IOException {
    return snapshot(rules, Map.of());
  }

  private static NodeSnapshot snapshot(String rules, Map<String, String> settings)
      throws IOException {
    Map<String, String> all = new TreeMap<>(NodeSnapshot.ASSUMED_SYSCTLS.asMap());
    all.putAll(settings);
    return NodeSnapshot.builder()
        .ruleset(ruleset(rules))
        .sysctls(
            new dev.packetpath.core.host.Sysctls(
                com.google.common.collect.ImmutableMap.copyOf(all)))
        .network(
            ConfiguredNetwork.builder()
                .device(Device.lo())
                .device(ETH0)
                .device(ETH1)
                .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"))
                .addressWithRoutes(DeviceAddress.of(ETH1, "10.0.2.1/24"))
                .build())
        .build();
  }

  private static Ruleset ruleset(String rules) throws IOException {
    return RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(rules));
  }
}
