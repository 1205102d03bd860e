package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Pieces;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In what pieces a packet leaves (figures of a live kernel). */
final class TransmitTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Network NETWORK =
      ConfiguredNetwork.builder()
          .device(ETH0)
          .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "fd00:1::1/64"))
          .build();

  private static List<Integer> lengths(boolean v4, int payloadBytes, Pieces pieces) {
    Packet packet =
        new Packet()
            .addresses(
                IpAddress.parse(v4 ? "10.0.1.1" : "fd00:1::1"),
                IpAddress.parse(v4 ? "10.0.1.7" : "fd00:1::7"))
            .payloadLength(payloadBytes)
            .pieces(pieces);
    Host host = Host.builder(NETWORK).build();
    List<Integer> lengths = new ArrayList<>();
    host.sink(
        new PacketSink() {
          @Override
          public void emitted(Device out, Packet piece) {
            lengths.add(piece.length());
          }

          @Override
          public void delivered(Packet delivered) {}
        });
    host.send(packet);
    return lengths;
  }

  @Test
  void buffersThatStayApartLeaveAsTheyCame() {
    assertThat(lengths(true, 92, Pieces.of(68, 48, 64, 104))).containsExactly(68, 36, 60, 28);
    assertThat(lengths(false, 92, Pieces.of(96, 48, 64, 104))).containsExactly(96, 64, 88, 56);
  }

  @Test
  void othersAreCutAtTheLargestThatCame() {
    assertThat(lengths(true, 92, Pieces.of(68))).containsExactly(68, 68, 36);
    assertThat(lengths(true, 92, Pieces.of(68, 48, 64).ofCopy())).containsExactly(68, 68, 36);
    assertThat(lengths(true, 92, Pieces.of(60, 20, 60))).containsExactly(60, 60, 52);
  }

  @Test
  void othersOfIpv6AreCutAtTheLeastMtuOrMore() {
    assertThat(lengths(false, 92, Pieces.of(96, 48).ofCopy())).containsExactly(160);
    assertThat(lengths(false, 2488, Pieces.of(1048, 1000, 2000).ofCopy()))
        .containsExactly(1280, 1280, 92);
    assertThat(lengths(false, 2488, Pieces.of(1448, 1400).ofCopy())).containsExactly(1448, 1156);
  }

  @Test
  void aLongOneIsCutAtTheMtu() {
    assertThat(lengths(true, 1480, Pieces.NONE)).containsExactly(1500, 40);
    assertThat(lengths(false, 1480, Pieces.NONE)).containsExactly(1496, 100);
    assertThat(lengths(true, 1460, Pieces.NONE)).containsExactly(1500);
    assertThat(lengths(true, 2000, Pieces.of(3000))).containsExactly(1500, 560);
  }
}
