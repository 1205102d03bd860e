package dev.packetpath.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ArrivingPacketsTest {
  @Test
  void packetsComeInTheirOrderOverAndOverAgain() {
    List<Packet> written = new FirewallRules(50, 1).packets(20);
    ArrivingPackets packets = new ArrivingPackets(written);

    assertThat(IntStream.range(0, 40).mapToObj(i -> packets.next().toString()))
        .isEqualTo(IntStream.range(0, 40).mapToObj(i -> written.get(i % 20).toString()).toList());
  }
}
