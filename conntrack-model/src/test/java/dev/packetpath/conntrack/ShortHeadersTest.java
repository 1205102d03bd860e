package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.packet;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Headers of which less than 8 bytes are there: Linux 6.18 drops what would have to be translated,
 * and lets the same pass where nothing is.
 */
final class ShortHeadersTest {
  @ParameterizedTest
  @CsvSource({"24, false", "27, false", "28, true", "32, true"})
  void anErrorThatQuotesTooLittleIsNotTranslated(int quotedBytes, boolean passes) {
    Router router = new Router().masquerade(NatRange.ANY);
    router.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53));
    Packet error = unreachable("10.0.2.1", quotedBytes);
    assertThat(router.fromEth1(error) != Router.NOTHING).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"24", "27", "28"})
  void anErrorAboutAnUntranslatedFlowMayQuoteLittle(int quotedBytes) {
    Router router = new Router().nat();
    router.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53));
    assertThat(router.fromEth1(unreachable("10.0.1.5", quotedBytes))).isNotSameAs(Router.NOTHING);
  }

  private static Packet unreachable(String sender, int quotedBytes) {
    return icmp("10.9.9.9", sender, 3, 0)
        .icmpCode(3)
        .inner(udp(sender, 1000, "10.9.9.9", 53), quotedBytes);
  }

  @ParameterizedTest
  @CsvSource({"47, 4, false", "47, 7, false", "47, 8, true", "50, 4, true"})
  void aGreHeaderWithoutAKeyIsNotTranslated(int protocol, int bytes, boolean passes) {
    Router router = new Router().masquerade(NatRange.ANY);
    Packet packet = packet(protocol, "10.0.1.5", "10.9.9.9").payload(new byte[bytes]);
    assertThat(router.fromEth0(packet) != Router.NOTHING).isEqualTo(passes);
    assertThat(router.conntrack.connections()).hasSize(passes ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"4", "8"})
  void anUntranslatedGreHeaderMayBeShort(int bytes) {
    Router router = new Router().nat();
    Packet packet = packet(IpProtocol.GRE, "10.0.1.5", "10.9.9.9").payload(new byte[bytes]);
    assertThat(router.fromEth0(packet)).isNotSameAs(Router.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({"10.0.1.5, 10.9.9.9, true", "fd00:1::5, fd00:2::9, false"})
  void ofIpv6WithoutANextHeaderThereIsNoConnection(String from, String to, boolean tracked) {
    Router router = new Router().nat();
    assertThat(router.fromEth0(packet(59, from, to).payloadLength(8))).isNotSameAs(Router.NOTHING);
    assertThat(router.conntrack.connections()).hasSize(tracked ? 1 : 0);
  }

  @Test
  void aLaterFragmentHasNoHeaderToBeTranslated() {
    Packet packet = packet(IpProtocol.UDP, "fd00:1::5", "fd00:2::9");
    assertThat(PacketRewriter.isTranslatable(packet, 2)).isFalse();
    assertThat(PacketRewriter.isTranslatable(packet.fragmentOffset(3), 2)).isTrue();
  }
}
