package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.Work;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which addresses and ports connections get, and how that is told. */
final class NatChoicesTest {
  private static final IpAddress SERVER = IpAddress.parse("10.244.1.2");

  /** The short way to one address and port does what the general one does, and as much work. */
  @Property(tries = 40)
  void sendToDoesWhatSetUpDoes(@ForAll long seed, @ForAll @IntRange(min = -1, max = 3) int port) {
    int to = port < 0 ? -1 : 5_000 + port;
    NatRange.Builder builder = NatRange.builder().addresses(SERVER, SERVER);
    NatRange range = to < 0 ? builder.build() : builder.ports(to, to).build();
    Router general = new Router();
    general.chain(Hook.PREROUTING, (p, s) -> general.nat.setUp(p, range, ManipType.DESTINATION));
    Router direct = new Router();
    direct.chain(Hook.PREROUTING, (p, s) -> direct.nat.sendTo(p, SERVER.high(), SERVER.low(), to));
    for (Router router : List.of(general, direct)) {
      Random random = new Random(seed);
      for (int i = 0; i < 40; i++) {
        String destination =
            random.nextInt(4) == 0 ? "10.244.1.2" : "10.96.0.1" + random.nextInt(3);
        router.fromEth0(
            random.nextBoolean()
                ? udp("10.0.1.5", 1_000 + random.nextInt(3), destination, 5_000 + random.nextInt(3))
                : tcp("10.0.1.5", 1_000 + random.nextInt(3), destination, 5_000, "S"));
      }
    }
    assertThat(direct.conntrack.entries()).isEqualTo(general.conntrack.entries());
    assertThat(direct.host.work().toMap()).isEqualTo(general.host.work().toMap());
  }

  @Test
  void theWorkOfSendToIsToldOnce() {
    Router router = new Router();
    router.chain(
        Hook.PREROUTING, (p, s) -> router.nat.sendTo(p, SERVER.high(), SERVER.low(), 5_053));
    router.fromEth0(udp("10.0.1.5", 77, "10.96.0.10", 53));
    Work work = router.host.work();
    ImmutableSortedMap<String, Long> ofOne = work.toMap();
    assertThat(ofOne).containsEntry("natSetUp", 2L).containsEntry("natPortProbe", 2L);
    assertThat(work.toMap()).isEqualTo(ofOne);

    router.fromEth0(udp("10.0.1.5", 78, "10.96.0.10", 53));
    work.clear();
    assertThat(work.toMap()).isEmpty();
    router.fromEth0(udp("10.0.1.5", 79, "10.96.0.10", 53));
    assertThat(work.toMap()).isEqualTo(ofOne);
  }

  @Test
  void anEndIsDecidedOnce() {
    Router router = new Router();
    List<Verdict> verdicts = new ArrayList<>();
    router.chain(
        Hook.PREROUTING,
        (packet, s) -> {
          verdicts.add(router.nat.sendTo(packet, SERVER.high(), SERVER.low(), 53));
          verdicts.add(router.nat.sendTo(packet, SERVER.high(), SERVER.low(), 53));
          verdicts.add(router.nat.setUp(packet, NatRange.ofAddress(SERVER), ManipType.DESTINATION));
          return Verdict.ACCEPT;
        });
    Packet packet = udp("10.0.1.5", 77, "10.96.0.10", 53);
    router.fromEth0(packet);
    assertThat(verdicts).containsExactly(Verdict.ACCEPT, Verdict.DROP, Verdict.DROP);
    Packet confirmed = udp("10.0.1.5", 77, "10.96.0.10", 53);
    PacketConnection.set(confirmed, router.only(), ConnectionState.NEW);
    assertThat(router.nat.sendTo(confirmed, 0, 1, 53)).isEqualTo(Verdict.ACCEPT);
    assertThat(router.nat.setUp(confirmed, NatRange.ANY, ManipType.SOURCE))
        .isEqualTo(Verdict.ACCEPT);
    Packet stranger = udp("10.0.1.5", 78, "10.96.0.10", 53);
    assertThat(router.nat.sendTo(stranger, 0, 1, 53)).isEqualTo(Verdict.DROP);
    assertThat(router.nat.setUp(stranger, NatRange.ANY, ManipType.SOURCE)).isEqualTo(Verdict.DROP);
  }

  /** nf_nat_l4proto_unique_tuple: ports stay among 1-511, 600-1023 or 1024-65535. */
  @ParameterizedTest
  @CsvSource({
    "1,1,511",
    "511,1,511",
    "512,600,1023",
    "1023,600,1023",
    "1024,1024,65535",
    "40000,1024,65535"
  })
  void aTakenPortIsReplacedByOneOfItsClass(int port, int least, int most) {
    Router router = new Router().masquerade(NatRange.ANY);
    Set<Integer> ports = new HashSet<>();
    for (int client = 2; client <= 61; client++) {
      Packet out = router.fromEth0(udp("10.0.1." + client, port, "10.9.9.9", 53));
      if (client == 2) {
        assertThat(out.sourcePort()).isEqualTo(port);
      } else {
        assertThat(out.sourcePort()).isBetween(least, most);
      }
      ports.add(out.sourcePort());
    }
    assertThat(ports).hasSize(60);
  }

  @Test
  void aTakenIcmpIdIsReplacedByAnyOther() {
    Router router = new Router().masquerade(NatRange.ANY);
    Set<Integer> ids = new HashSet<>();
    for (int client = 2; client <= 61; client++) {
      ids.add(router.fromEth0(icmp("10.0.1." + client, "10.9.9.9", 8, 7)).icmpId());
    }
    assertThat(ids).hasSize(60).contains(7).anyMatch(id -> id < 1_024).anyMatch(id -> id > 9_999);
  }

  @Test
  void portsOfARangeRunOut() {
    Router router = new Router().masquerade(NatRange.builder().ports(1, 40).build());
    int lost = 0;
    for (int client = 2; client <= 42; client++) {
      lost +=
          router.fromEth0(tcp("10.0.1." + client, 9, "10.9.9.9", 53, "S")) == Router.NOTHING
              ? 1
              : 0;
    }
    assertThat(lost).isEqualTo(1);
    assertThat(router.conntrack.statistics().insertFailed()).isEqualTo(1);
  }

  /** A source that was translated before keeps its translation where that fits. */
  @Test
  void aSourceKeepsItsTranslation() {
    Router router = new Router().masquerade(NatRange.ANY);
    router.fromEth0(udp("10.0.1.5", 40_000, "10.9.9.9", 53));
    int drawn = router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.9", 53)).sourcePort();
    assertThat(drawn).isNotEqualTo(40_000);
    assertThat(router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.8", 53)).sourcePort())
        .isEqualTo(drawn);
    assertThat(router.fromEth0(udp("10.0.1.6", 40_001, "10.9.9.8", 53)).sourcePort())
        .isEqualTo(40_001);
  }

  /** What was translated before anybody asked counts too, the newest first. */
  @Test
  void aSourceKeepsTheLatestOfItsDrawnTranslations() {
    NatRange drawing = NatRange.builder().randomFully(true).build();
    int[] made = new int[1];
    Router router = new Router();
    router.chain(
        Hook.POSTROUTING,
        (packet, state) ->
            router.nat.masquerade(packet, made[0]++ < 3 ? drawing : NatRange.ANY, state.out()));
    router.fromEth0(udp("10.0.1.5", 40_000, "10.9.9.7", 53));
    int latest = router.fromEth0(udp("10.0.1.5", 40_000, "10.9.9.8", 53)).sourcePort();
    router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.8", 53));

    assertThat(latest).isNotEqualTo(40_000);
    assertThat(router.fromEth0(udp("10.0.1.5", 40_000, "10.9.9.9", 53)).sourcePort())
        .isEqualTo(latest);
  }

  private static Set<IpAddress> sources(NatRange range, String client, int destinations) {
    Router router = new Router().snat(range);
    Set<IpAddress> sources = new HashSet<>();
    for (int i = 1; i <= destinations; i++) {
      sources.add(router.fromEth0(udp(client, 1_000 + i, "10.9.9." + i, 53)).source());
    }
    return sources;
  }

  private static NatRange.Builder four() {
    return NatRange.builder().addresses(IpAddress.parse("10.50.0.4"), IpAddress.parse("10.50.0.7"));
  }

  /** find_best_ips_proto: --persistent leaves the destination out of the choice. */
  @Test
  void severalAddressesAreChosenByBothEndsOrByTheSourceAlone() {
    assertThat(sources(four().build(), "10.0.1.5", 60))
        .extracting(IpAddress::toString)
        .containsExactlyInAnyOrder("10.50.0.4", "10.50.0.5", "10.50.0.6", "10.50.0.7");
    NatRange persistent = four().persistent(true).build();
    Set<IpAddress> ofAll = new HashSet<>();
    for (int client = 2; client <= 41; client++) {
      Set<IpAddress> ofOne = sources(persistent, "10.0.1." + client, 5);
      assertThat(ofOne).hasSize(1);
      ofAll.addAll(ofOne);
    }
    assertThat(ofAll).hasSize(4);
  }

  @Test
  void aRangeOfIpv6AddressesHoldsTheChosen() {
    NatRange range =
        NatRange.builder()
            .addresses(IpAddress.parse("fd00:5::10"), IpAddress.parse("fd00:5::13"))
            .build();
    Router router = new Router();
    router.nat.registerChain(
        IpFamily.IPV6,
        Hook.POSTROUTING,
        0,
        (packet, s) -> router.nat.setUp(packet, range, ManipType.SOURCE));
    Set<String> sources = new HashSet<>();
    for (int i = 2; i <= 61; i++) {
      sources.add(
          router.fromEth0(udp("fd00:1::5", 1_000 + i, "fd00:2::" + i, 53)).source().toString());
    }
    assertThat(sources)
        .containsExactlyInAnyOrder("fd00:5::10", "fd00:5::11", "fd00:5::12", "fd00:5::13");
  }

  @Test
  void redirectOfIpv6GoesToTheLoopbackAtOutput() {
    Bare bare =
        new Bare(
            network()
                .addressWithRoutes(DeviceAddress.of(Device.lo(), "::1/128"))
                .addressWithRoutes(DeviceAddress.of(Router.ETH1, "fd00:2::1/64"))
                .build());
    bare.nat.registerChain(
        IpFamily.IPV6, Hook.OUTPUT, 0, (packet, s) -> bare.nat.redirect(packet, NatRange.ANY, s));
    bare.host.send(udp("fd00:2::1", 1, "fd00:2::9", 53));
    assertThat(bare.out).extracting(Packet::destination).containsExactly(IpAddress.parse("::1"));
  }

  /** NETMAP at POSTROUTING maps the source; the bits behind the prefix stay. */
  @Test
  void netmapMapsTheSourceBehindRouting() {
    Router router = new Router();
    router.chain(
        Hook.POSTROUTING,
        (packet, s) -> router.nat.netmap(packet, IpAddress.parse("10.77.32.0"), 20, s));
    assertThat(router.fromEth0(udp("10.0.17.5", 1, "10.9.9.9", 53)).source())
        .isEqualTo(IpAddress.parse("10.77.33.5"));
  }

  private static final class Bare {
    final List<Packet> out = new ArrayList<>();
    final Host host;
    final Nat nat;

    Bare(ConfiguredNetwork network) {
      host = Host.builder(network).build();
      host.sink(new Exits((where, packet) -> out.add(packet.copy())));
      nat = Nat.attach(Conntrack.attach(host, ConntrackSettings.DEFAULTS));
      host.trace().keep(true);
    }

    List<ConntrackEvent> told() {
      List<ConntrackEvent> told = new ArrayList<>();
      host.trace()
          .take()
          .forEach(
              event -> {
                if (event instanceof ConntrackEvent ours) {
                  told.add(ours);
                }
              });
      return told;
    }
  }

  private static ConfiguredNetwork.Builder network() {
    return ConfiguredNetwork.builder()
        .device(Device.lo())
        .device(Router.ETH0)
        .device(Router.ETH1)
        .addressWithRoutes(DeviceAddress.of(Router.ETH0, "10.0.1.1/24"));
  }

  @Test
  void withoutAnAddressThereIsNoMasqueradeAndNoRedirect() {
    Bare bare = new Bare(network().build());
    bare.nat.registerChain(
        IpFamily.IPV4,
        Hook.PREROUTING,
        0,
        (packet, s) -> bare.nat.redirect(packet, NatRange.ANY, s));
    bare.host.receive(udp("10.0.3.5", 1, "10.0.1.9", 53), Router.ETH1);
    assertThat(bare.out).isEmpty();
    assertThat(bare.told()).contains(new ConntrackEvent.Dropped("REDIRECT: eth1 has no address"));
  }

  /** The source of masquerading is that of the network which the gateway is in. */
  @Test
  void masqueradingTakesTheAddressBesideTheGateway() {
    Bare bare =
        new Bare(
            network()
                .addressWithRoutes(DeviceAddress.of(Router.ETH1, "10.0.2.1/24"))
                .addressWithRoutes(DeviceAddress.of(Router.ETH1, "10.0.3.1/24"))
                .route(
                    dev.packetpath.core.host.RouteEntry.unicast(
                        dev.packetpath.core.net.IpPrefix.parse("0.0.0.0/0"),
                        Router.ETH1,
                        IpAddress.parse("10.0.3.9")))
                .build());
    bare.nat.registerChain(
        IpFamily.IPV4,
        Hook.POSTROUTING,
        0,
        (packet, s) -> bare.nat.masquerade(packet, NatRange.ANY, s.out()));
    bare.host.receive(udp("10.0.1.5", 1, "10.9.9.9", 53), Router.ETH0);
    assertThat(bare.out.get(0).source()).isEqualTo(IpAddress.parse("10.0.3.1"));
    bare.host.receive(udp("10.0.1.5", 2, "10.0.2.77", 53), Router.ETH0);
    assertThat(bare.out.get(1).source()).isEqualTo(IpAddress.parse("10.0.2.1"));
  }

  @Test
  void theTraceTellsWhatWasChosenAndWritten() {
    Router router = new Router().dnat("10.244.1.2", 5_353).masquerade(NatRange.ANY);
    router.host.trace().keep(true);
    router.fromEth0(udp("10.0.1.5", 1_000, "10.96.0.10", 53));
    List<String> told = new ArrayList<>();
    router.host.trace().take().stream()
        .filter(ConntrackEvent.class::isInstance)
        .forEach(event -> told.add(event.toString()));
    IpAddress node = IpAddress.parse("10.0.2.1");
    IpAddress client = IpAddress.parse("10.0.1.5");
    assertThat(told)
        .contains(
            new ConntrackEvent.NatRewrote(
                    ManipType.DESTINATION, IpAddress.parse("10.96.0.10"), 53, SERVER, 5_353)
                .toString(),
            new ConntrackEvent.NatRewrote(ManipType.SOURCE, client, 1_000, node, 1_000).toString());
    assertThat(told.stream().filter(text -> text.startsWith("NatSetUp"))).hasSize(2);
    Packet quoted = udp("10.0.2.1", 1_000, "10.244.1.2", 5_353);
    router.fromEth1(icmp("10.244.1.2", "10.0.2.1", 3, 0).icmpCode(3).inner(quoted, 28));
    assertThat(router.host.trace().take())
        .contains(
            new ConntrackEvent.NatRewroteQuoted(ManipType.SOURCE, node, 1_000, client, 1_000),
            new ConntrackEvent.NatRewroteQuoted(
                ManipType.DESTINATION, SERVER, 5_353, IpAddress.parse("10.96.0.10"), 53));
  }

  @Test
  void thereIsNoNatAtForward() {
    Router router = new Router();
    assertThatThrownBy(
            () ->
                router.nat.registerChain(
                    IpFamily.IPV4, Hook.FORWARD, 0, (packet, s) -> Verdict.ACCEPT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Chains of one hook are asked by priority, of equal ones the last registered first. */
  @Test
  void theFirstChainThatDecidesIsTheLastAsked() {
    Router router = new Router();
    List<String> asked = new ArrayList<>();
    for (int priority : new int[] {5, -5, 5}) {
      String name = priority + " of " + asked.size();
      asked.add(name);
      router.nat.registerChain(
          IpFamily.IPV4,
          Hook.PREROUTING,
          priority,
          (packet, s) -> {
            asked.add(name);
            return name.equals("5 of 2")
                ? router.nat.setUp(packet, NatRange.ofAddress(SERVER), ManipType.DESTINATION)
                : Verdict.ACCEPT;
          });
    }
    asked.clear();
    router.fromEth0(udp("10.0.1.5", 77, "10.96.0.10", 53));
    assertThat(asked).containsExactly("-5 of 1", "5 of 2");
  }
}
