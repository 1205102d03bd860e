package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The recorded files of the laboratory's node say what {@link LabNode} says. */
final class LabNodeTest {
  private static NodeSnapshot recorded() throws IOException {
    return SnapshotReader.read(Path.of("node"));
  }

  @Test
  void theSettingsAreTheSame() throws IOException {
    assertThat(recorded().sysctls().asMap()).isEqualTo(LabNode.SYSCTLS.asMap());
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.5, 10.0.1.1", "10.1.0.5, 10.0.2.3", "10.1.0.5, 10.2.0.5", "10.2.0.5, 10.1.7.9",
    "10.0.1.2, 10.96.0.1", "10.0.1.2, 10.0.1.255", "10.0.1.2, 127.0.0.1", "10.0.1.2, 224.0.0.1",
    "fd01::5, fd00:1::1", "fd01::5, fd00:2::3", "fd01::5, fd02::5", "fd02::5, fd01::9",
    "fd00:1::2, fd96::1", "fd00:1::2, ::1", "fd00:1::2, fd00:2::"
  })
  void routesAreTheSame(String source, String destination) throws IOException {
    Packet packet =
        new Packet()
            .addresses(IpAddress.parse(source), IpAddress.parse(destination))
            .protocol(IpProtocol.UDP)
            .ports(1, 2);
    for (String in : new String[] {"", "eth0"}) {
      assertThat(route(recorded().network(), packet, in))
          .isEqualTo(route(LabNode.NETWORK, packet, in));
    }
  }

  private static String route(Network network, Packet packet, String in) {
    Device device = in.isEmpty() ? Device.NONE : network.device(in);
    return network.route(RouteQuery.of(packet, device)).toString();
  }
}
