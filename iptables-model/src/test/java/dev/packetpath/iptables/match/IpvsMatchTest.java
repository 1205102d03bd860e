package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.OptionPrinter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpvsMatchTest {
  private static final IpvsInfo SERVICE =
      IpvsInfo.of(IpAddress.parse("10.96.0.10"), 53, IpvsInfo.Method.MASQUERADE);

  private static boolean holds(String rule, IpvsInfo info) {
    MatchLab lab = new MatchLab();
    Packet packet = MatchLab.udp("10.0.0.1", "10.0.0.2");
    packet.attach(IpvsInfo.OF_PACKET, info);
    return lab.holds(lab.load("-m ipvs " + rule), packet);
  }

  @Test
  void thePropertyAloneNeedsNoConnection() {
    assertThat(holds("--ipvs", IpvsInfo.HANDLED)).isTrue();
    assertThat(holds("--ipvs", IpvsInfo.ABSENT)).isFalse();
    assertThat(holds("! --ipvs", IpvsInfo.ABSENT)).isTrue();
    assertThat(holds("! --ipvs", IpvsInfo.HANDLED)).isFalse();
  }

  @Test
  void everyOtherOptionNeedsAConnectionEvenInverted() {
    assertThat(holds("! --vport 80", IpvsInfo.ABSENT)).isFalse();
    assertThat(holds("! --vport 80", IpvsInfo.HANDLED)).isFalse();
    assertThat(holds("! --vport 80", SERVICE)).isTrue();
    assertThat(holds("--vdir ORIGINAL", SERVICE)).isFalse();
  }

  /** As behind source NAT, when the packet has come back by the loopback device. */
  @Test
  void aPacketThatIsTranslatedFurtherIsNotFound() {
    IpvsInfo.Ends ends =
        new IpvsInfo.Ends(IpAddress.parse("10.0.0.1"), 40_000, IpAddress.parse("10.0.0.2"), 53);
    IpvsInfo info =
        new IpvsInfo(
            true,
            true,
            IpAddress.parse("10.96.0.10"),
            53,
            IpvsInfo.NO_CONTROL,
            IpvsInfo.Method.MASQUERADE,
            ends);
    Packet packet = MatchLab.udp("10.0.0.1", "10.0.0.2").ports(40_000, 53);
    assertThat(info.isFoundFor(packet)).isTrue();
    assertThat(info.isFoundFor(packet.copy().source(IpAddress.parse("10.0.0.9")))).isFalse();
    assertThat(info.isFoundFor(packet.copy().sourcePort(40_001))).isFalse();
    assertThat(info.isFoundFor(packet.copy().destination(IpAddress.parse("10.0.0.9")))).isFalse();
    assertThat(info.isFoundFor(packet.copy().destinationPort(54))).isFalse();
    IpvsInfo elsewhere =
        new IpvsInfo(
            true,
            true,
            info.virtualAddress(),
            53,
            IpvsInfo.NO_CONTROL,
            info.method(),
            new IpvsInfo.Ends(IpAddress.parse("10.0.0.9"), 1, ends.target(), 53));
    assertThat(holds("--vport 53", elsewhere)).isFalse();
    assertThat(holds("--ipvs", elsewhere)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "--vaddr 10.96.0.10 --vport 53 --vproto udp --vmethod MASQ,true",
    "--vaddr 10.96.0.0/16,true",
    "! --vaddr 10.96.0.0/16,false",
    "--vport 54,false",
    "--vproto 6,false",
    "--vmethod GATE,false",
    "! --vmethod IPIP,true",
    "--vportctl 53,false",
    "! --vportctl 53,true",
  })
  void anOptionAsksTheVirtualService(String rule, boolean expected) {
    assertThat(holds(rule, SERVICE)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "--ipvs,--ipvs",
    "! --ipvs,! --ipvs",
    "--ipvs --vport 80,--vport 80",
    "--vportctl 21 --vmethod masq --vdir reply --vport 80 --vaddr 10.0.0.1/8 --vproto tcp,"
        + "--vproto 6 --vaddr 10.0.0.1/8 --vport 80 --vdir REPLY --vmethod MASQ --vportctl 21",
  })
  void optionsArePrintedInOneOrder(String written, String saved) {
    OptionPrinter out = new OptionPrinter();
    MatchLab.read(IpFamily.IPV4, "-m ipvs " + written).print(out);
    assertThat(out.toString()).isEqualTo(saved);
  }

  @ParameterizedTest
  @CsvSource({"! --ipvs --vport 80", "--vdir both", "--vmethod NAT", "''"})
  void whatIsNoAnswerIsRefused(String rule) {
    assertThatThrownBy(() -> MatchLab.read(IpFamily.IPV4, "-m ipvs " + rule))
        .isInstanceOf(SyntaxException.class);
  }
}
