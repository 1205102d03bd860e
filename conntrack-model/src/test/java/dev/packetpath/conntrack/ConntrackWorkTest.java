package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.packet;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each packet makes connection tracking and NAT do (nf_conntrack_in, nf_nat_inet_fn,
 * get_unique_tuple and __nf_conntrack_confirm, Linux 6.1). Whether a trace is taken changes none.
 */
final class ConntrackWorkTest {
  private static final NatRange BACKEND = NatRange.ofAddress(IpAddress.parse("10.244.1.2"));

  private static String work(Router router, Runnable step) {
    router.host.work().clear();
    step.run();
    StringBuilder text = new StringBuilder();
    router
        .host
        .work()
        .toMap()
        .forEach(
            (operation, times) -> {
              boolean ours = operation.startsWith("conntrack") || operation.startsWith("nat");
              if (ours && !operation.equals("conntrackDefragment")) {
                text.append(text.isEmpty() ? "" : " ").append(operation).append('=').append(times);
              }
            });
    return text.toString();
  }

  private static Packet query() {
    return udp("10.0.1.5", 1000, "10.9.9.9", 53);
  }

  private static Packet answer() {
    return udp("10.9.9.9", 53, "10.0.1.5", 1000);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewConnectionIsSoughtAllocatedFollowedAndInserted(boolean traced) {
    Router router = new Router();
    router.host.trace().keep(traced);
    assertThat(work(router, () -> router.fromEth0(query())))
        .isEqualTo("conntrackAllocate=1 conntrackInsert=1 conntrackLookup=1 conntrackUpdate=1");
    assertThat(work(router, () -> router.fromEth0(query())))
        .isEqualTo("conntrackEntryCompared=1 conntrackLookup=1 conntrackUpdate=1");
    assertThat(work(router, () -> router.fromEth1(answer())))
        .isEqualTo("conntrackEntryCompared=1 conntrackLookup=1 conntrackUpdate=1");
  }

  /** With nat loaded both ends of a flow that it does not translate are decided too. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void natDecidesBothEndsOfTheFirstPacketAlone(boolean traced) {
    Router router = new Router().nat();
    router.host.trace().keep(traced);
    assertThat(work(router, () -> router.fromEth0(query())))
        .isEqualTo(
            "conntrackAllocate=1 conntrackInsert=1 conntrackLookup=1 conntrackUpdate=1"
                + " natPortProbe=2 natSetUp=2 natSourceInsert=1");
    assertThat(work(router, () -> router.fromEth0(query())))
        .isEqualTo("conntrackEntryCompared=1 conntrackLookup=1 conntrackUpdate=1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTranslatedFlowHasEachPacketRewritten(boolean traced) {
    Router router = new Router();
    router.host.trace().keep(traced);
    router.chain(
        Hook.PREROUTING, (packet, s) -> router.nat.setUp(packet, BACKEND, ManipType.DESTINATION));
    assertThat(work(router, () -> router.fromEth0(query())))
        .isEqualTo(
            "conntrackAllocate=1 conntrackInsert=1 conntrackLookup=1 conntrackUpdate=1"
                + " natPortProbe=2 natRewrite=1 natSetUp=2 natSourceInsert=1");
    assertThat(work(router, () -> router.fromEth1(udp("10.244.1.2", 53, "10.0.1.5", 1000))))
        .isEqualTo("conntrackEntryCompared=1 conntrackLookup=1 conntrackUpdate=1 natRewrite=1");
  }

  /** A port is sought until one is free; the first look-up finds the own one taken. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTakenTupleIsProbedAgain(boolean traced) {
    Router router = new Router();
    router.host.trace().keep(traced);
    router.chain(
        Hook.PREROUTING,
        (packet, s) ->
            packet.destination().equals(IpAddress.parse("10.96.0.10"))
                ? router.nat.setUp(packet, BACKEND, ManipType.DESTINATION)
                : Verdict.ACCEPT);
    router.fromEth0(udp("10.0.1.5", 77, "10.96.0.10", 53));
    String work = work(router, () -> router.fromEth0(udp("10.0.1.5", 77, "10.244.1.2", 53)));
    assertThat(work).contains("natPortProbe=4", "natSetUp=2", "natSourceInsert=1", "natRewrite=1");
    assertThat(router.conntrack.statistics().found()).isEqualTo(3);
  }

  @Test
  void whatHasNoConnectionCostsNoMoreThanTheSearch() {
    Router router = new Router().nat();
    router.fromEth0(query());
    assertThat(work(router, () -> router.fromEth0(query().transportTruncated(true)))).isEmpty();
    assertThat(work(router, () -> router.fromEth0(icmp("10.0.1.5", "10.9.9.9", 19, 7)))).isEmpty();
    assertThat(work(router, () -> router.fromEth0(icmp("10.0.1.5", "10.9.9.9", 9, 7))))
        .isEqualTo("conntrackLookup=1");
    assertThat(work(router, () -> router.fromEth0(tcp("10.0.1.5", 1, "10.9.9.9", 80, "F"))))
        .isEqualTo("conntrackAllocate=1 conntrackLookup=1 conntrackUpdate=1");
    Packet error = icmp("10.9.9.9", "10.0.1.5", 3, 0).icmpCode(3).inner(query(), 28);
    assertThat(work(router, () -> router.fromEth1(error)))
        .isEqualTo("conntrackEntryCompared=1 conntrackLookup=1");
  }

  @Test
  void aDroppedFirstPacketIsNotInserted() {
    Router router = new Router().drop(Hook.FORWARD, 0);
    assertThat(work(router, () -> router.fromEth0(query())))
        .isEqualTo("conntrackAllocate=1 conntrackLookup=1 conntrackUpdate=1");
  }

  /** Eight buckets are searched for an entry that may go; nothing is allocated without one. */
  @Test
  void aFullTableIsSearchedInEightBuckets() {
    Router router = new Router(ConntrackSettings.builder().max(1).build());
    router.fromEth0(query());
    router.at(3);
    router.fromEth1(answer());
    router.fromEth0(query());
    String work = work(router, () -> router.fromEth0(udp("10.0.1.6", 1, "10.9.9.9", 53)));
    assertThat(work).contains("conntrackEarlyDropBucket=8").doesNotContain("Allocate", "Update");
  }

  /** Defragmentation looks at each packet, conntrack at the whole ones. */
  @Test
  void aFragmentIsLookedUpWithTheRestOfItsPacket() {
    Router router = new Router();
    Packet last =
        packet(IpProtocol.UDP, "10.0.1.5", "10.9.9.9").id(7).fragmentOffset(3).payloadLength(5);
    assertThat(work(router, () -> router.fromEth0(last))).isEmpty();
    assertThat(router.host.work().count(ConntrackOperations.DEFRAGMENT)).isEqualTo(1);
    Packet first = query().id(7).moreFragments(true).payloadLength(16);
    assertThat(work(router, () -> router.fromEth0(first)))
        .isEqualTo("conntrackAllocate=1 conntrackInsert=1 conntrackLookup=1 conntrackUpdate=1");
    assertThat(router.host.work().count(ConntrackOperations.DEFRAGMENT)).isEqualTo(1);
  }
}
