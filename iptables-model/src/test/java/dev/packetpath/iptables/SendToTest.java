package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DNAT to one destination, which the compiled walk reads from the code of the rule. */
final class SendToTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.1.7, 10.0.1.10, 10.0.1.2:8080",
    "10.0.1.7, 10.0.1.10, 10.0.1.2",
    "10.0.1.7, 10.0.1.10, 10.0.1.2:80",
    "fd00:1::7, fd00:1::a, [fd00:1::2]:8080",
    "fd00:1::7, fd00:1::a, fd00:1::2",
    "fd00:1::7, fd00:1::a, [fd00:1::2]:80",
  })
  void sendsWhereTheReferenceSends(String source, String destination, String to)
      throws IOException {
    IpAddress from = IpAddress.parse(source);
    String text =
        """
        *nat
        -A PREROUTING -p tcp -m conntrack --ctstate NEW -j DNAT --to-destination %1$s
        -A PREROUTING -p udp -m state ! --state ESTABLISHED -j DNAT --to-destination %1$s
        -A OUTPUT -p tcp -j DNAT --to-destination %1$s
        COMMIT
        """
            .formatted(to);
    Ruleset rules = RestoreParser.parse("rules", from.family(), new StringReader(text));
    TwoWalks walks = new TwoWalks(RulesetProgram.compile(rules), 1, false);
    for (int protocol : new int[] {IpProtocol.TCP, IpProtocol.UDP, IpProtocol.GRE}) {
      for (int port = 0; port < 12; port++) {
        Packet packet =
            new Packet()
                .addresses(from, IpAddress.parse(destination))
                .protocol(protocol)
                .ports(1_024 + port, 80)
                .tcpFlags(TcpFlags.SYN);
        walks.send(packet.copy(), 1);
        walks.send(packet, 1);
      }
    }
    walks.compareCounters();
    assertThat(walks.compiled().tables().get(0).counted("PREROUTING", 1).packets()).isPositive();
  }
}
