package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.packetpath.node.ExampleNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class ReplayCommandTest {
  @TempDir private Path folder;
  private Path node;
  private Path packets;
  private Path out;
  private final StringWriter errors = new StringWriter();

  @BeforeEach
  void writeTheExampleNode() throws IOException {
    node = folder.resolve("node");
    packets = folder.resolve("packets.jsonl");
    out = folder.resolve("out");
    ExampleNode.writeTo(node);
  }

  @Test
  void writesWhatTheKernelWouldShow() throws IOException {
    Files.writeString(
        packets,
        "{\"inject\":\"cni0\",\"proto\":\"tcp\",\"src\":\"10.244.1.7\",\"sport\":40000,"
            + "\"dst\":\"10.96.0.20\",\"dport\":80,\"flags\":\"S\",\"note\":\"kept\"}\n");
    assertThat(replay()).as(errors.toString()).isZero();
    assertThat(Files.readString(out.resolve("packets.jsonl")))
        .contains("\"note\":\"kept\"")
        .contains("\"result\":{\"emitted\":[{\"at\":\"cni0\"")
        .contains(
            "\"rulesTraversed\":{\"raw\":0,\"mangle\":0,\"nat\":14,\"filter\":10,\"total\":24}")
        .contains("\"ruleEvaluated\":24");
    assertThat(Files.readString(out.resolve("conntrack.txt")))
        .contains("SYN_SENT src=10.244.1.7 dst=10.96.0.20 sport=40000 dport=80");
    assertThat(Files.readString(out.resolve("iptables-save.txt"))).contains("*nat\n");
    assertThat(Files.readString(out.resolve("rules.jsonl")))
        .contains("\"table\":\"nat\",\"chain\":\"PREROUTING\",\"index\":1")
        .contains("\"policy\":\"ACCEPT\",\"packets\":1");
  }

  @Test
  void announcedConnectionsAreMetOrStillWaitedFor() throws IOException {
    Files.writeString(
        node.resolve("conntrack.txt"),
        "ipv4 2 tcp 6 431999 ESTABLISHED src=10.244.1.7 dst=10.244.1.8 sport=1000 dport=21"
            + " src=10.244.1.8 dst=10.244.1.7 sport=21 dport=1000 [ASSURED] mark=0 helper=ftp use=1\n");
    String waiting =
        "299 proto=6 src=10.244.1.8 dst=10.244.1.7 sport=0 dport=1234 mask-src=255.255.255.255"
            + " mask-dst=255.255.255.255 sport=0 dport=65535 master-src=10.244.1.7"
            + " master-dst=10.244.1.8 sport=1000 dport=21 class=0 helper=ftp\n";
    Files.writeString(node.resolve("conntrack-expect.txt"), waiting);
    Files.writeString(packets, "");
    assertThat(replay()).as(errors.toString()).isZero();
    assertThat(Files.readString(out.resolve("conntrack-expect.txt"))).isEqualTo(waiting);
    Files.writeString(
        packets,
        "{\"inject\":\"cni0\",\"proto\":\"tcp\",\"src\":\"10.244.1.8\",\"sport\":20,"
            + "\"dst\":\"10.244.1.7\",\"dport\":1234,\"flags\":\"S\"}\n");
    assertThat(replay()).as(errors.toString()).isZero();
    assertThat(Files.readString(out.resolve("conntrack-expect.txt"))).isEmpty();
    Files.delete(node.resolve("conntrack.txt"));
    assertThat(replay()).isEqualTo(1);
    assertThat(errors.toString()).contains("the table has no connection 10.244.1.7:1000");
  }

  @Test
  void theReferenceWalkShowsTheSame() throws IOException {
    Files.writeString(
        packets,
        "{\"inject\":\"cni0\",\"proto\":\"tcp\",\"src\":\"10.244.1.7\",\"sport\":40000,"
            + "\"dst\":\"10.96.0.20\",\"dport\":80,\"flags\":\"S\"}\n");
    assertThat(replay()).as(errors.toString()).isZero();
    Path compiled = out;
    out = folder.resolve("reference");

    assertThat(replay("--reference")).as(errors.toString()).isZero();

    for (String file : List.of("packets.jsonl", "rules.jsonl", "iptables-save.txt")) {
      assertThat(out.resolve(file)).hasSameTextualContentAs(compiled.resolve(file));
    }
  }

  @Test
  void aFieldThatNoPacketHasIsPassedOnAndNoted() throws IOException {
    String line = "{'inject':'cni0','proto':'udp','src':'10.0.0.3','dst':'10.0.0.1','dprot':53}\n";
    Files.writeString(packets, "\n" + (line + line).replace('\'', '"'));
    assertThat(replay()).isZero();
    assertThat(errors.toString())
        .isEqualTo(
            "note: "
                + packets
                + ":2:74: no packet has a field \"dprot\", so it is only passed on\n");
    assertThat(Files.readString(out.resolve("packets.jsonl"))).contains("\"dprot\":53");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'proto':'tcp'} | 1:1: found an object without \"inject\", expected \"inject\"",
        "{'inject':'cni0','proto':'tcp','src':'10.0.0.300','dst':'10.0.0.1'} |"
            + " 1:38: found \"src\": \"10.0.0.300\", expected a valid value",
        "{'inject':'cni0','proto':'tpc','src':'10.0.0.3','dst':'10.0.0.1'} |"
            + " 1:26: found \"proto\": \"tpc\", expected tcp, udp, icmp, icmpv6, sctp or a number",
        "{'inject':'cni0','proto':'tcp','src':'10.0.0.3','dst':'fd00::1'} |"
            + " 1:1: found 10.0.0.3 and fd00::1, expected \"src\" and \"dst\" of one family",
        "{'inject':'cni0','proto':'udp','src':'10.0.0.3','dst':'10.0.0.1','payload':'zz'} |"
            + " expected a valid value (an even number of hexadecimal digits)",
        "{'inject':'cni0','proto':'udp','src':'10.0.0.3','dst':'10.0.0.1','sport':99999} |"
            + " found \"sport\": 99999, expected a number from 0 to 65535",
        "{'inject':'eth7','proto':'udp','src':'10.0.0.3','dst':'10.0.0.1'} |"
            + " 1:1: found no device \"eth7\"",
        "{'inject':'cni0', | expected JSON",
        "[] | found no object, expected a packet",
      })
  void badPacketsNameTheirPlace(String line, String message) throws IOException {
    Files.writeString(packets, line.replace('\'', '"') + "\n");
    assertThat(replay()).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + packets + ":1:")
        .contains(message)
        .hasLineCount(1);
    assertThat(out.resolve("packets.jsonl")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iptables-save.txt | *filter | 2:1: found the end of the text in table filter, expected"
            + " COMMIT",
        "iptables-save.txt | *filter~-A INPUT --bogus~COMMIT | 2:10: found unknown option",
        "addresses.json | {} | 1:1: found no array, expected an array of objects",
        "addresses.json | [{'ifname':'x','addr_info':[{'local':'1.2.3'}]}] | expected a valid"
            + " value",
        "routes.json | [{'dst':'default','dev':'eth9'}] | found device \"eth9\"",
        "conntrack.txt | nonsense | 1:",
        "conntrack-expect.txt | 299 proto=tcp | 1:11: found \"tcp\", expected a number 0..255",
        "sysctl.txt | net.ipv4.ip_forward | 1:1: found \"net.ipv4.ip_forward\"",
        "ipset-save.txt | create a hash:nothing | 1:",
      })
  void badNodeFilesNameTheirPlace(String file, String text, String message) throws IOException {
    Files.writeString(packets, "");
    Files.writeString(node.resolve(file), text.replace('\'', '"').replace('~', '\n') + "\n");
    assertThat(replay()).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + node.resolve(file) + ":")
        .contains(message)
        .hasLineCount(1);
  }

  @Test
  void aProfilePricesTheWork() throws IOException {
    String packet =
        "{\"inject\":\"cni0\",\"proto\":\"tcp\",\"src\":\"10.244.1.7\",\"sport\":40000,"
            + "\"dst\":\"10.96.0.20\",\"dport\":80,\"flags\":\"S\"}\n";
    Files.writeString(packets, packet + packet);
    assertThat(replay("--profile", "linux-6.18")).as(errors.toString()).isZero();
    JsonNode cost = new ObjectMapper().readTree(out.resolve("cost.json").toFile());
    assertThat(cost.path("profile").asText()).isEqualTo("linux-6.18");
    assertThat(cost.path("packets").asInt()).isEqualTo(2);
    JsonNode ns = cost.path("ns");
    assertThat(ns.path("total").asDouble())
        .isCloseTo(
            ns.path("rules").asDouble()
                + ns.path("conntrack").asDouble()
                + ns.path("nat").asDouble()
                + ns.path("ipvs").asDouble()
                + ns.path("other").asDouble(),
            within(0.01))
        .isBetween(1_000.0, 10_000.0);
    assertThat(cost.path("nsPerPacket").path("total").asDouble())
        .isCloseTo(ns.path("total").asDouble() / 2, within(0.01));
    assertThat(cost.path("work").path("natSetUp").asInt()).isEqualTo(2);
  }

  @Test
  void missingFilesAreNamed() {
    assertThat(replay()).isEqualTo(1);
    assertThat(errors.toString()).contains("packets.jsonl: no such file or folder");
  }

  @Test
  void aMissingOptionIsAMatterOfUsage() {
    assertThat(commandLine().execute("replay")).isEqualTo(2);
  }

  private int replay(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "replay",
                "--node",
                node.toString(),
                "--packets",
                packets.toString(),
                "--out",
                out.toString()));
    words.addAll(List.of(more));
    return commandLine().execute(words.toArray(new String[0]));
  }

  private CommandLine commandLine() {
    return Main.commandLine().setErr(new PrintWriter(errors, true));
  }
}
