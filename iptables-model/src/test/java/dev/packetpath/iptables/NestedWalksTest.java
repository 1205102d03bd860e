package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks of a table during which a target sends a packet that walks the same table. */
final class NestedWalksTest {
  private static final int SERVICES = 100;

  /** The chain that copied the packet ends without another match, and returns on its own. */
  @ParameterizedTest
  @ValueSource(strings = {"-m mark --mark 0x1", "-s 10.9.9.9"})
  void whatAWalkDoesAfterTheCopysWalkIsToldToo(String ofCopy) throws IOException {
    String rules =
        """
        *mangle
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        :COPIES - [0:0]
        -A PREROUTING -j COPIES
        -A OUTPUT %s -j DROP
        -A COPIES -j TEE --gateway 10.0.1.10
        COMMIT
        """
            .formatted(ofCopy);
    TwoWalks both = new TwoWalks(RulesetProgram.compile(FilterLab.parse(rules)), 1, false);
    Packet packet = udp("10.0.1.2").source(0, IpAddress.parse("10.0.1.12").low());
    both.send(packet, 1_000);
    both.compareCounters();
  }

  /** Both walks begin in a chain of Services, each finds another chain, and the first goes on. */
  @Test
  void aWalkGoesOnBehindAJumpThatItsTargetsWalkTakesToo() throws IOException {
    StringBuilder rules = new StringBuilder("*mangle\n");
    for (String hook : List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING")) {
      rules.append(":%s ACCEPT [0:0]\n".formatted(hook));
    }
    rules.append(":COPIES - [0:0]\n:COPIED - [0:0]\n");
    for (int service = 1; service <= SERVICES; service++) {
      String header = "-d 10.0.2.%d/32 -p udp -m udp --dport 53".formatted(service);
      rules.append("-A PREROUTING %s -j COPIES\n".formatted(header));
      rules.append("-A OUTPUT %s -j COPIED\n".formatted(header));
    }
    rules.append("-A PREROUTING -p udp -j MARK --set-xmark 0x2/0x2\n");
    rules.append("-A COPIES -s 10.9.9.9/32 -j DROP\n");
    rules.append("-A COPIES -j TEE --gateway 10.0.1.10\n");
    rules.append("-A COPIES -m mark --mark 0x1 -j ACCEPT\n");
    rules.append("-A COPIED -j MARK --set-xmark 0x1/0x1\nCOMMIT\n");
    TwoWalks both =
        new TwoWalks(RulesetProgram.compile(FilterLab.parse(rules.toString())), 1, false);
    for (int service = 1; service <= SERVICES; service += 7) {
      both.send(udp("10.0.2." + service), 1_000 * service);
    }
    both.compareCounters();
    assertThat(both.compiled().tables().get(0).counted("COPIED", 1).packets()).isPositive();
  }

  private static Packet udp(String destination) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.1.2"), IpAddress.parse(destination))
        .protocol(IpProtocol.UDP)
        .ports(1000, 53);
  }
}
