package dev.packetpath.cli.calibrate;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketResult;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.util.Map;

/** What the models count for the packets that are measured, through the very same rules. */
final class PacketWork {
  private static final IpAddress SOURCE = IpAddress.parse("10.1.0.1");
  private static final String ADDRESSES =
      """
      [{"ifname":"lo","flags":["LOOPBACK","UP"],"mtu":65536,"operstate":"UNKNOWN","link_type":"loopback",
        "addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]},
       {"ifname":"eth0","flags":["BROADCAST","UP"],"mtu":1500,"operstate":"UP","link_type":"ether",
        "addr_info":[{"family":"inet","local":"10.1.0.1","prefixlen":24,"scope":"global"}]}]
      """;
  private static final String ROUTES =
      """
      [{"dst":"10.1.0.0/24","dev":"eth0","protocol":"kernel","scope":"link","prefsrc":"10.1.0.1"},
       {"dst":"default","gateway":"10.1.0.2","dev":"eth0"}]
      """;

  private PacketWork() {}

  /** Returns the work of a packet, by operation: of the first of its flow or of a later one. */
  static Map<String, Long> of(PacketCase measured) throws IOException {
    Node node = Node.of(SnapshotReader.read(texts(measured)));
    PacketResult result = node.inject(packet(measured));
    if (measured.flow() != PacketCase.Flow.NEW) {
      result = node.inject(packet(measured));
    }
    return result.work();
  }

  private static Map<String, CharSource> texts(PacketCase measured) {
    ImmutableMap.Builder<String, CharSource> texts = ImmutableMap.builder();
    texts.put("addresses.json", CharSource.wrap(ADDRESSES));
    texts.put("routes.json", CharSource.wrap(ROUTES));
    if (!measured.ruleset().isEmpty()) {
      texts.put("iptables-save.txt", CharSource.wrap(measured.ruleset()));
    }
    if (!measured.ipset().isEmpty()) {
      texts.put("ipset-save.txt", CharSource.wrap(measured.ipset()));
    }
    return texts.buildOrThrow();
  }

  private static Injection packet(PacketCase measured) {
    return Injection.local(
        new Packet()
            .addresses(SOURCE, IpAddress.parse(measured.to()))
            .protocol(IpProtocol.UDP)
            .ports(40_000, 1_000)
            .payloadLength(1));
  }
}
