package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DumpTest {
  private static final Path DUMPS = Path.of("src", "test", "resources", "dumps");

  private static Ruleset rules(String file) throws IOException {
    return Dump.read(DUMPS.resolve(file)).parse(ReadMode.STRICT);
  }

  @ParameterizedTest
  @CsvSource({
    "docker-host.txt, IPV4",
    "ipv6-host.txt, IPV6",
    "limits.txt, IPV4",
    "old-spelling.txt, IPV4"
  })
  void theFamilyIsThatOfTheRules(String file, IpFamily family) throws IOException {
    assertThat(Dump.read(DUMPS.resolve(file)).family()).isEqualTo(family);
  }

  @Test
  void theDevicesThatAreNamedMostGetTheNamesOfTheLaboratory() throws IOException {
    String text = SavePrinter.toText(LabDevices.rename(rules("ipv6-host.txt")), false);
    assertThat(text).contains("-i eth0 -o eth1", "-i eth1 -o eth0", "-i lo").doesNotContain("wan0");
  }

  @Test
  void diceAreTakenInTurnAndHelpersLeftOut() {
    Dump dump =
        new Dump(
            "",
            IpFamily.IPV4,
            "*raw\n"
                + "-A PREROUTING -p udp -j CT --helper sip\n"
                + "-A PREROUTING -j CT --zone 1\n"
                + "COMMIT\n"
                + "*filter\n"
                + "-A INPUT -m statistic --mode random --probability 0.25 -j DROP\n"
                + "COMMIT\n");
    String text = SavePrinter.toText(ForeseeableRules.of(dump.parse(ReadMode.STRICT)), false);
    assertThat(text).contains("--mode nth --every 4 --packet 0", "--zone 1").doesNotContain("sip");
  }

  @Test
  void aDifferenceInWhatIsSavedNamesTheFirstLine() {
    SavedText ours = SavedText.of("*filter\n:INPUT DROP [1:2]\n[3:4] -A INPUT -j DROP\nCOMMIT\n");
    assertThat(
            ours.differenceIn(
                SavedText.of("*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\nCOMMIT\n")))
        .isEmpty();
    assertThat(ours.differenceIn(SavedText.of("*filter\n:INPUT DROP [0:0]\nCOMMIT\n")))
        .isEqualTo(Optional.of("*filter: ours \"-A INPUT -j DROP\", theirs \"COMMIT\""));
  }

  @Test
  void packetsAimAtWhatTheRulesName() throws IOException {
    Ruleset rules = ForeseeableRules.of(rules("limits.txt"));
    Random random = new Random(1);
    ObjectNode vector =
        JsonNodeFactory.instance.objectNode().put("ruleset", SavePrinter.toText(rules, false));
    PacketScript.addTo(vector, random, 1_000, new AimedEndpoints(rules, random)::draw);
    ObjectNode model = ModelRun.complete(vector);
    assertThat(model.path("counters").findValues("rules"))
        .flatExtracting(chain -> chain.findValues("matched"))
        .hasSize(11)
        .filteredOn(matched -> matched.asInt() > 0)
        .hasSizeGreaterThan(9);
  }

  @Test
  void anIndexThatARuleAsksForIsNoPort() {
    Dump dump =
        new Dump("", IpFamily.IPV6, "*filter\n-A INPUT -m ah --ahspi 87067 -j DROP\nCOMMIT\n");
    AimedEndpoints aimed = new AimedEndpoints(dump.parse(ReadMode.STRICT), new Random(1));
    assertThat(IntStream.range(0, 200).map(number -> aimed.draw(number).serverPort()))
        .contains(65_535)
        .allMatch(port -> port <= 65_535);
  }
}
