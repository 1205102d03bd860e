package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import org.junit.jupiter.api.Test;

/** The chain of an endpoint that counts by itself once a second rule calls it. */
final class SentByTwoCallersTest {
  private static final String RULES =
      """
      *nat
      :PREROUTING ACCEPT [0:0]
      :OTHER - [0:0]
      :SEP - [0:0]
      :SVC - [0:0]
      -A PREROUTING -p tcp -j SVC
      -A PREROUTING -p udp -j OTHER
      -A SEP -s 10.0.1.2 -j RETURN
      -A SEP -p tcp -m tcp -j DNAT --to-destination 10.0.1.2:80
      -A SVC -j SEP
      COMMIT
      """;

  private final TwoWalks both =
      new TwoWalks(RulesetProgram.compile(ServiceChains.parse(IpFamily.IPV4, RULES)), 1, false);
  private final LoadedTable nat = both.compiled().table(TableName.NAT).orElseThrow();
  private int port = 1_024;

  @Test
  void theFirstCallerKeepsWhatItCounted() {
    send(3);
    Counters before = nat.counted("SVC", 1);
    assertThat(nat.counted("SEP", 2)).isEqualTo(before);
    call("OTHER", "-A OTHER -j SEP");

    assertThat(nat.counted("SVC", 1)).isEqualTo(before);
    assertThat(nat.counted("SEP", 2)).isEqualTo(before);
    send(3);
    both.compareCounters();
    assertThat(nat.counted("SVC", 1).packets()).isGreaterThan(before.packets());
  }

  private void call(String chain, String rule) {
    Table filled =
        ServiceChains.parse(IpFamily.IPV4, RULES.replace("COMMIT", rule + "\nCOMMIT"))
            .tables()
            .get(0);
    ImmutableList<Chain> changed =
        filled.chains().stream()
            .filter(one -> one.name().equals(chain))
            .collect(ImmutableList.toImmutableList());
    TableUpdate update = new TableUpdate(TableName.NAT, changed, ImmutableSet.of());
    both.compiled().update(update);
    both.reference().update(update);
  }

  private void send(int packets) {
    for (int i = 0; i < packets; i++) {
      both.send(
          new Packet()
              .addresses(IpAddress.parse("10.0.1.3"), IpAddress.parse("10.0.1.10"))
              .protocol(IpProtocol.TCP)
              .ports(++port, 80)
              .tcpFlags(TcpFlags.SYN),
          1_000);
    }
  }
}
