package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.packetpath.iptables.Walk;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Linux 6.18 did with rule sets and packets, recorded with iptables 1.8.9: 150 rule sets of
 * all kinds with 2,953 packets, and others that go through the targets one by one, or through what
 * becomes of fragments, copies, bypassed queues and headers without ports; and 114 with 9,000
 * packets at the edges: ICMP errors of all types and lengths about translated flows, segments out
 * of order under all settings, addresses that no packet should have, zones, NAT of IPv6. Others
 * have networks of their own: routes with an MTU, with and without connection tracking. In 40 time
 * passes under matches and sets that remember, 6 are of DCCP and 15 of GRE. 12 are of odd spellings
 * of rules, of which checksums REJECT looks at, and of groups; 196 of fragments that end within a
 * unit, hold nothing, or contradict one another; one of what a host hears of what it sent to
 * groups, and 27 of authentication headers of IPv6, whole, cut off and in fragments; 3 of {@code
 * u32} and {@code time} in 93 rules; one of what {@code ipv6header} makes of 160 packets, most of
 * which end within their headers, and 2 of what {@code connlimit} makes of 212.
 */
final class RecordedVectorsTest {
  private static Stream<JsonNode> vectors() {
    return Vectors.recorded();
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("vectors")
  void theModelAgreesWithTheKernel(JsonNode vector) {
    for (Walk walk : Walk.values()) {
      assertThat(Differences.between(vector, ModelRun.complete(vector, walk)))
          .as("vector %s, %s walk", vector.path("id").asText(), walk)
          .isEmpty();
    }
  }
}
