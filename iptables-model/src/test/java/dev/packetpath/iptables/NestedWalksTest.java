package dev.packetpath.iptables;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks of a table during which a target sends a packet that walks the same table. */
final class NestedWalksTest {
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
    Packet packet =
        new Packet()
            .addresses(IpAddress.parse("10.0.1.12"), IpAddress.parse("10.0.1.2"))
            .protocol(IpProtocol.UDP)
            .ports(1000, 53);
    both.send(packet, 1_000);
    both.compareCounters();
  }
}
