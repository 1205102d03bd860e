package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.TableName;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Linux 6.18 did with packets whose frames went to this host, to another, to a group. */
final class LinkDestinationTest {
  private static final String RULES =
      """
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      -A INPUT -p udp --dport 99 -j REJECT
      COMMIT
      *mangle
      :PREROUTING ACCEPT [0:0]
      -A PREROUTING -m pkttype --pkt-type unicast
      -A PREROUTING -m pkttype --pkt-type broadcast
      -A PREROUTING -m pkttype --pkt-type multicast
      -A PREROUTING -m pkttype --pkt-type otherhost
      COMMIT
      """;

  @ParameterizedTest
  @CsvSource({
    "02:00:00:00:01:01, 10.0.2.9, 53, 64, eth1 17",
    "02:00:00:00:01:01, 10.0.2.9, 53, 1, eth0 1",
    "02:00:00:00:01:01, 10.0.1.1, 99, 64, eth0 1",
    "02:00:00:00:01:77, 10.0.2.9, 53, 64, ''",
    "02:00:00:00:01:77, 10.0.1.1, 53, 64, ''",
    "ff:ff:ff:ff:ff:ff, 10.0.2.9, 53, 64, ''",
    "ff:ff:ff:ff:ff:ff, 10.0.2.9, 53, 1, ''",
    "ff:ff:ff:ff:ff:ff, 10.0.1.1, 53, 64, local 17",
    "ff:ff:ff:ff:ff:ff, 10.0.1.1, 99, 64, ''",
    "03:00:00:00:00:01, 10.0.2.9, 53, 64, ''",
    "03:00:00:00:00:01, 10.0.1.1, 53, 64, local 17"
  })
  void aPacketIsForwardedOrAnsweredOnlyIfItsFrameWentToThisHost(
      String to, String destination, int port, int ttl, String end) throws IOException {
    PacketResult result = node().inject(read("eth0", to, destination, port, ttl));
    assertThat(result.emissions().stream().map(e -> e.at() + " " + e.packet().protocol()))
        .containsExactlyElementsOf(end.isEmpty() ? List.of() : List.of(end));
  }

  @ParameterizedTest
  @CsvSource({
    "ff:ff:ff:ff:ff:ff, 10.0.1.1, net.ipv4.conf.lo, true",
    "ff:ff:ff:ff:ff:ff, 10.0.1.1, net.ipv4.conf.eth0, false",
    "ff:ff:ff:ff:ff:ff, 10.0.1.1, net.ipv4.conf.all, false",
    "01:00:5e:00:00:01, 10.0.1.1, net.ipv4.conf.eth0, false",
    "02:00:00:00:01:01, 10.0.1.1, net.ipv4.conf.eth0, true",
    "ff:ff:ff:ff:ff:ff, 10.0.1.255, net.ipv4.conf.eth0, true",
    "ff:ff:ff:ff:ff:ff, fd00:1::1, net.ipv4.conf.eth0, true",
    "ff:ff:ff:ff:ff:ff, 10.0.1.1, net.ipv6.conf.eth0, true",
    "ff:ff:ff:ff:ff:ff, fd00:1::1, net.ipv6.conf.eth0, false",
    "33:33:00:00:00:01, fd00:1::1, net.ipv6.conf.eth0, false",
    "02:00:00:00:01:01, fd00:1::1, net.ipv6.conf.eth0, true",
    "ff:ff:ff:ff:ff:ff, fd00:1::1, net.ipv6.conf.all, true",
    "ff:ff:ff:ff:ff:ff, ff02::1, net.ipv6.conf.eth0, true"
  })
  void aPacketToOneHostInAFrameToManyIsDroppedWhereItsDeviceSaysSo(
      String to, String destination, String device, boolean arrives) throws IOException {
    Node node = node(device + ".drop_unicast_in_l2_multicast = 1");
    assertThat(node.inject(read("eth0", to, destination, 53, 64)).emissions())
        .hasSize(arrives ? 1 : 0);
  }

  @Test
  void rulesSeeAnIpv4PacketThatIsDroppedForItsFrame() throws IOException {
    Node node = node("net.ipv4.conf.eth0.drop_unicast_in_l2_multicast = 1");
    node.inject(read("eth0", "ff:ff:ff:ff:ff:ff", "10.0.1.1", 53, 64));
    assertThat(matchedByRules(node)).isEqualTo("0 1 0 0");
  }

  @ParameterizedTest
  @CsvSource({
    "02:00:00:00:01:01, 1 0 0 0",
    "ff:ff:ff:ff:ff:ff, 0 1 0 0",
    "01:00:5e:00:00:05, 0 0 1 0",
    "02:00:00:00:01:77, 0 0 0 0"
  })
  void rulesSeeWhomAFrameWentToUnlessThatWasAnotherHost(String to, String matched)
      throws IOException {
    Node node = node();
    node.inject(read("eth0", to, "10.0.1.1", 53, 64));
    assertThat(matchedByRules(node)).isEqualTo(matched);
  }

  @Test
  void aFrameToEveryHostIsNotForwardedForAnOpenConnectionEither() throws IOException {
    Node node = node();
    String own = "02:00:00:00:01:01";
    for (int i = 0; i < 4; i++) {
      assertThat(node.inject(read("eth0", own, "10.0.2.9", 53, 64)).emissions()).hasSize(1);
    }
    assertThat(node.inject(read("eth0", "ff:ff:ff:ff:ff:ff", "10.0.2.9", 53, 64)).emissions())
        .isEmpty();
  }

  @Test
  void aLocalPacketHasNoSuchAddress() {
    assertThatThrownBy(() -> read("local", "02:00:00:00:01:01", "10.0.2.9", 53, 64))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("dstMac");
  }

  @Test
  void aDeviceWithoutAnAddressCannotTellWhomAFrameWentTo() throws IOException {
    Node node = node();
    assertThatThrownBy(() -> node.inject(read("tun0", "02:00:00:00:01:01", "10.0.2.9", 53, 64)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Ethernet address of tun0");
  }

  private static String matchedByRules(Node node) {
    LoadedTable mangle =
        node.iptables(IpFamily.IPV4).orElseThrow().tables().stream()
            .filter(table -> table.name() == TableName.MANGLE)
            .findFirst()
            .orElseThrow();
    return IntStream.rangeClosed(1, 4)
        .mapToObj(rule -> "" + mangle.counted("PREROUTING", rule).packets())
        .collect(Collectors.joining(" "));
  }

  private static Injection read(String at, String to, String destination, int port, int ttl) {
    String source = destination.contains(":") ? "fd00:1::5" : "10.0.1.5";
    String text =
        """
        {"inject":"%s","proto":"udp","src":"%s","dst":"%s","sport":9,"dport":%d,\
        "ttl":%d,"dstMac":"%s"}"""
            .formatted(at, source, destination, port, ttl, to);
    return PacketJson.read("packets", 1, text);
  }

  private static Node node() throws IOException {
    return node(ImmutableMap.of());
  }

  private static Node node(String sysctl) throws IOException {
    return node(ImmutableMap.of("sysctl.txt", CharSource.wrap(sysctl)));
  }

  private static Node node(ImmutableMap<String, CharSource> settings) throws IOException {
    String devices =
        """
        [{"ifindex":1,"ifname":"lo","link_type":"loopback","addr_info":[]},
         {"ifindex":2,"ifname":"eth0","address":"02:00:00:00:01:01","addr_info":[
          {"family":"inet","local":"10.0.1.1","prefixlen":24},
          {"family":"inet6","local":"fd00:1::1","prefixlen":64}]},
         {"ifindex":3,"ifname":"eth1","address":"02:00:00:00:02:01","addr_info":[
          {"family":"inet","local":"10.0.2.1","prefixlen":24}]},
         {"ifindex":4,"ifname":"tun0","link_type":"none","addr_info":[]}]
        """;
    return Node.of(
        SnapshotReader.read(
            ImmutableMap.<String, CharSource>builder()
                .put("addresses.json", CharSource.wrap(devices))
                .put("iptables-save.txt", CharSource.wrap(RULES))
                .putAll(settings)
                .buildOrThrow()));
  }
}
