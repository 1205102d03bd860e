package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What NAT at PREROUTING says of first packets that go past the other functions. */
final class FirstPacketVerdictsTest {
  @ParameterizedTest
  @CsvSource({
    "DNAT --to-destination 10.0.1.11, 3",
    "NFQUEUE --queue-num 3, 0",
    "NFQUEUE --queue-num 3 --queue-bypass, 3"
  })
  void aPacketGoesOnOnlyIfItsVerdictLetsIt(String target, int open) throws IOException {
    String rules =
        """
        *nat
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        -A PREROUTING -p tcp -m tcp --dport 80 -j %s
        COMMIT
        """
            .formatted(target);
    TwoWalks both = new TwoWalks(RulesetProgram.compile(FilterLab.parse(rules)), 1, false);
    for (int port = 1; port <= 3; port++) {
      Packet syn =
          new Packet()
              .addresses(IpAddress.parse("10.0.1.2"), IpAddress.parse("10.0.1.10"))
              .ports(port, 80)
              .tcpFlags(TcpFlags.SYN);
      both.receive(syn, TwoWalks.ETH0, 1_000);
    }
    both.compareCounters();
    both.compareConnections();
    assertThat(both.conntrack().entries()).hasSize(open);
  }
}
