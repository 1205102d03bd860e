package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.node.ExampleNode;
import dev.packetpath.node.cost.Profiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command says when it cannot read or write: one line, its place, and a status. */
final class BadInputTest {
  private static final String PACKET = "in=eth0 tcp 203.0.113.9:40000 > 192.168.0.2:80 syn";

  @TempDir private Path folder;
  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "*filter~-A INPUT --dpotr 80 -j DROP~COMMIT | 2:10: found unknown option \"--dpotr\"",
        "*filter~-A INPTU -j DROP~COMMIT | 2:4: found chain \"INPTU\", expected a chain declared",
        "*filter~-A INPUT -j DORP~COMMIT | 2:13: found \"DORP\", expected a chain declared above",
        "*filter~:A - [0:0]~-A INPUT -j A~-A A -j A~COMMIT | 4:9: found a loop: chain A leads back",
        "*filter~-A INPUT -j DROP | 3:1: found the end of the text in table filter, expected"
            + " COMMIT",
        "*filter~-A INPUT -s 300.1.1.1 -j DROP~COMMIT | 2:13: found \"300.1.1.1\", expected an add",
        "*nat~-A PREROUTING -j DROP~COMMIT | 2:18: found DROP in table nat, expected a target",
        "*filter~-A INPUT -j SNAT --to-source 1.2.3.4~COMMIT | 2:13: found SNAT in table filter",
        "*nta~COMMIT | 1:2: found table \"nta\", expected raw, mangle, nat, filter or security",
        "-A INPUT -j DROP | 1:1: found \"-A INPUT -j DROP\", expected \"*\" and the name of a"
            + " table",
        "*filter~:INPUT DENY [0:0]~COMMIT | 2:8: found policy \"DENY\", expected ACCEPT or DROP",
        "*filter~-A INPUT -p tpc -j DROP~COMMIT | 2:13: found protocol \"tpc\", expected a"
            + " protocol",
        "*filter~-A INPUT -p tcp --dport 99999 -j DROP~COMMIT | 2:25: found \"99999\", expected a",
        "*filter~-A INPUT -s 10.0.0.0/33 -j DROP~COMMIT | 2:13: found \"33\" as mask, expected a",
        "*filter~-A INPUT -m nosuch -j DROP~COMMIT | 2:13: found match \"nosuch\", expected a"
            + " match",
        "*filter~-A INPUT -j~COMMIT | 2:10: found -j at the end of the line, expected a value",
        "*filter~-A INPUT -o eth0 -j DROP~COMMIT | 2:10: found -o in INPUT, expected no -o",
        "*filter~-A INPUT ! ! -s 1.2.3.4 -j DROP~COMMIT | 2:12: found a second \"!\", expected an",
      })
  void rulesNameTheirPlace(String text, String message) throws IOException {
    Path rules = Files.writeString(folder.resolve("rules"), text.replace('~', '\n') + "\n");
    assertThat(run("trace", "--strict", "--rules", rules.toString(), PACKET)).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + rules + ":" + message)
        .hasLineCount(1);
    assertThat(output.toString()).isEmpty();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "addresses.json | [{\"ifname\":\"eth0\" | :2:1: found Unexpected end-of-input: expected"
            + " close",
        "addresses.json | {} | :1:1: found no array, expected an array of objects",
        "routes.json | [{\"dst\":\"10.0.0.300\",\"dev\":\"eth0\"}] | :1:9: found \"dst\":"
            + " \"10.0.0.300\"",
        "ipset-save.txt | create a hash:pi | :1:10: found ",
        "conntrack.txt | tcp 6 | :1:",
        "conntrack.txt | udp 17 9 src=1.1.1.1 src=2.2.2.2 dst=1.1.1.1 | :1:45: found the end of the"
            + " line, expected the original direction's src= and dst=",
        "sysctl.txt | net.ipv4.ip_forward 1 | :1:1: found \"net.ipv4.ip_forward 1\", expected \"na",
        "sysctl.txt | net.ipv4.ip_forward = x | :1:23: found \"x\", expected a number for net.ipv4."
            + "ip_forward",
        "sysctl.txt | #~net.netfilter.nf_conntrack_max=many | :2:32: found \"many\", expected a"
            + " number for net.netfilter.nf_conntrack_max",
        "sysctl.txt | net.netfilter.nf_conntrack_buckets = 0 | :1:38: found \"0\", expected a number"
            + " from 1 to 715827879 for net.netfilter.nf_conntrack_buckets",
        "addresses.json | null | :1:1: found no array, expected an array of objects",
      })
  void nodeFilesNameTheirPlace(String name, String text, String message) throws IOException {
    ExampleNode.writeTo(folder);
    Files.writeString(folder.resolve(name), text.replace('~', '\n') + "\n");
    assertThat(run("trace", "--node", folder.toString(), PACKET)).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + folder.resolve(name) + message)
        .doesNotContain("REDACTED")
        .hasLineCount(1);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "in=eth9 tcp 1.2.3.4 > 10.96.0.20:80 | :1:1: found \"in=eth9\", expected local or a device of"
            + " the node, of [lo, eth0, cni0]",
        "tcp 1.2.3.4 > 10.96.0.20:80 in=eth9 | :1:29: found \"in=eth9\", expected local or a",
        "reply | :1:1: found \"reply\", expected a packet in full before it",
        "tcp fd00::9 > [fd00::1]:80 | :1:1: found no in=, expected in=IFACE, as the node has no route"
            + " to fd00::9",
      })
  void packetsThatTheNodeCannotTakeNameTheirPlace(String packet, String message) {
    assertThat(run("trace", packet)).isEqualTo(1);
    assertThat(errors.toString()).startsWith("packetpath: packet" + message).hasLineCount(1);
  }

  @Test
  void bytesThatAreNoTextHaveAPlace() throws IOException {
    Path rules = folder.resolve("rules");
    Files.write(
        rules,
        "*filter\n-A INPUT -m comment --comment \"é\u00ff\"\nCOMMIT\n"
            .replace("\u00ff", "?")
            .getBytes(StandardCharsets.UTF_8));
    byte[] bytes = Files.readAllBytes(rules);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '?' ? (byte) 0xff : bytes[i];
    }
    Files.write(rules, bytes);
    assertThat(run("trace", "--rules", rules.toString(), PACKET)).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines(
            "packetpath: " + rules + ":2:33: found a byte that is no text, expected UTF-8");
  }

  @Test
  void aFolderInPlaceOfAFileIsNamed() throws IOException {
    Path file = Files.createDirectory(folder.resolve("iptables-save.txt"));
    assertThat(run("trace", "--node", folder.toString(), PACKET)).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines("packetpath: " + file + ": found a folder, expected a file");
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("absent");
    assertThat(run("trace", "--rules", file.toString(), PACKET)).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines("packetpath: " + file + ": no such file or folder");
  }

  @Test
  void assumedSettingsAreNamed() throws IOException {
    ExampleNode.writeTo(folder);
    Files.deleteIfExists(folder.resolve("sysctl.txt"));
    assertThat(run("trace", "--node", folder.toString(), PACKET)).isZero();
    assertThat(errors.toString()).contains("sysctl.txt", "taken to forward packets");
    assertThat(output.toString()).doesNotContain("Assumed");
  }

  @Test
  void assumedForwardingIsNamedInTheAnswerWhereItMattered() throws IOException {
    ExampleNode.writeTo(folder);
    Files.deleteIfExists(folder.resolve("sysctl.txt"));
    String forwarded = "in=cni0 tcp 10.244.1.7:40000 > 10.96.0.20:80";
    assertThat(run("trace", "--node", folder.toString(), forwarded)).isZero();
    assertThat(output.toString())
        .contains("Assumed\n  the node forwards packets  (sysctl.txt); otherwise: ");
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() {
    assertThat(runInto("no space left", "trace")).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines("packetpath: standard output: cannot be written: no space left");
    assertThat(runInto("no space left", "trace", "--help")).isEqualTo(1);
  }

  @Test
  void readerWhoWantsNoMoreIsNoError() {
    assertThat(runInto("Broken pipe", "trace")).isZero();
    assertThat(errors.toString()).isEmpty();
  }

  private int runInto(String failure, String... arguments) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(failure);
          }
        };
    return Main.run(new StandardOutput(full), new PrintWriter(errors, true), arguments);
  }

  @Test
  void aRuleWhoseSetIsMissingIsNamed() throws IOException {
    Files.writeString(
        folder.resolve("iptables-save.txt"),
        "*filter\n-A INPUT -m set --match-set blocked src -j DROP\nCOMMIT\n");
    assertThat(run("trace", "--node", folder.toString(), PACKET)).isEqualTo(1);
    assertThat(errors.toString())
        .endsWith(
            "packetpath: filter INPUT rule 1 (line 2): found set blocked, which does not exist,"
                + " expected a set that was created\n")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "trace --seed many | '--seed': found \"many\", expected a whole number",
        "trace --seed 9223372036854775808 | '--seed': found \"9223372036854775808\", expected a",
        "compare --services 10,x | '--services' (N): found \"x\", expected a whole number of at",
        "compare --rate NaN | '--rate': found \"NaN\", expected a number",
        "compare --rate 1e20 | requests per second: 1.0E20, expected more than 0, at most 1e8",
        "trace --rules x --out sixteen-letters! p | '--out': found \"sixteen-letters!\", expected",
        "trace --node a --rules b p | packetpath: --node=DIR, --rules=FILE are mutually exclusive",
      })
  void optionsSayWhatTheyExpect(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
  }

  @Test
  void profileThatLacksACostIsNamed() throws IOException {
    Path profile = folder.resolve("short.yaml");
    try (BufferedWriter out = Files.newBufferedWriter(profile)) {
      Profiles.write(Profiles.shipped("linux-6.18"), out);
    }
    String text = Files.readString(profile).replace("  natSetUp:", "  unheardOf:");
    Files.writeString(profile, text);
    assertThat(run("trace", "--profile", profile.toString())).isEqualTo(1);
    assertThat(errors.toString())
        .isEqualToIgnoringNewLines("packetpath: " + profile + ": no cost is known of natSetUp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "---", "# nothing", "---\n---"})
  void manifestsWithoutAnObjectAreRefused(String text) throws IOException {
    Path manifests = Files.writeString(folder.resolve("m.yaml"), text + "\n");
    String out = folder.resolve("out").toString();
    assertThat(run("program", "--manifests", manifests.toString(), "--out", out)).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + manifests + ":1:1: found no object, expected manifests");
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "bytes"})
  void scenariosThatCannotBeReadAreNamed(String kind) throws IOException {
    Path scenarios = folder.resolve("scenarios");
    if (kind.equals("folder")) {
      Files.createDirectory(scenarios);
    } else {
      Files.write(scenarios, new byte[] {(byte) 0xff});
    }
    String out = folder.resolve("out").toString();
    assertThat(run("ipvs-replay", "--scenarios", scenarios.toString(), "--out", out)).isEqualTo(1);
    assertThat(errors.toString()).startsWith("packetpath: " + scenarios + ":").hasLineCount(1);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  private int run(String... arguments) {
    CommandLine command =
        Main.commandLine()
            .setOut(new PrintWriter(output, true))
            .setErr(new PrintWriter(errors, true));
    return command.execute(arguments);
  }
}
