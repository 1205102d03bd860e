package dev.packetpath.iptables.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Marks by {@code -m cluster}: the node that a Linux 6.18 kernel chose for a source. */
final class MarkByClusterTest {
  @ParameterizedTest
  @CsvSource({
    "10.1.0.5, 10.2.0.5, 7",
    "10.1.0.6, 10.2.0.5, 7",
    "fd01::5, fd00:2::5, 4",
    "fd01::6, fd00:2::5, 4",
    "fd01:0:1::5, fd00:2::5, 4",
    "fd01:1::5, fd00:2::5, 9"
  })
  void oneNodeServesASource(String source, String destination, int node) {
    String[] rules =
        IntStream.rangeClosed(1, 9)
            .mapToObj(
                number ->
                    "-A FORWARD -m cluster --cluster-total-nodes 9 --cluster-local-node "
                        + number
                        + " --cluster-hash-seed 0x229c -j MARK --set-mark "
                        + number)
            .toArray(String[]::new);
    TargetLab lab = new TargetLab();
    lab.load(IpAddress.parse(source).family(), "mangle", rules);
    lab.receive(TargetLab.packet(IpProtocol.UDP, source, destination).ports(1, 2));
    assertThat(lab.onlyEmitted().mark()).isEqualTo(node);
  }
}
