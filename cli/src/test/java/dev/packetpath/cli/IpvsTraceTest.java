package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trace} and {@code replay} of a node whose folder has ipvsadm-save.txt. */
final class IpvsTraceTest {
  private static final String SYN = "in=eth0 tcp 192.168.1.77:40000 > 10.96.0.20:80 syn";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  @BeforeEach
  void writeTheNode() throws IOException {
    write(
        "ipvsadm-save.txt",
        """
        -A -t 10.96.0.20:80 -s rr
        -a -t 10.96.0.20:80 -r 10.244.1.11:8080 -m -w 1
        -a -t 10.96.0.20:80 -r 10.244.2.12:8080 -i -w 1
        """);
    write(
        "iptables-save.txt",
        """
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A OUTPUT -m ipvs --vaddr 10.96.0.20 --vport 80
        -A OUTPUT -m ipvs ! --ipvs -j DROP
        -A OUTPUT -m ipvs --vmethod MASQ
        COMMIT
        """);
    write(
        "addresses.json",
        """
        [{"ifindex":1,"ifname":"lo","flags":["LOOPBACK"],"mtu":65536,
          "addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8}]},
         {"ifindex":2,"ifname":"eth0","mtu":1500,"address":"02:00:00:00:00:01",
          "addr_info":[{"family":"inet","local":"192.168.1.10","prefixlen":24}]},
         {"ifindex":3,"ifname":"kube-ipvs0","mtu":1500,"address":"02:00:00:00:00:02",
          "addr_info":[{"family":"inet","local":"10.96.0.20","prefixlen":32}]}]
        """);
    write(
        "routes.json",
        """
        [{"dst":"default","gateway":"192.168.1.1","dev":"eth0","table":"main"},
         {"dst":"192.168.1.0/24","dev":"eth0","table":"main","scope":"link"},
         {"type":"local","dst":"192.168.1.10","dev":"eth0","table":"local"},
         {"type":"local","dst":"10.96.0.20","dev":"kube-ipvs0","table":"local"}]
        """);
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(errors, true))
        .execute(arguments);
  }

  @Test
  void aTraceShowsTheWayThroughInputAndOutput() {
    assertThat(
            run("trace", "--node", folder.toString(), SYN, SYN.replace("40000", "40001"), "reply"))
        .as(errors.toString())
        .isZero();
    assertThat(out.toString())
        .contains(
            """
              INPUT  in eth0
                ipvs    10.96.0.20:80 → 10.244.2.12:80 by tunnel  scheduled, SYN_RECV
            """)
        .contains("=> leaves by eth0: protocol 4 192.168.1.10 > 10.244.2.12")
        .contains(
            """
              INPUT  in eth0
                ipvs    10.96.0.20:80 → 10.244.1.11:8080 by masquerade  scheduled, SYN_RECV
              route  dev eth0 via 192.168.1.1
              OUTPUT  out eth0
                filter  OUTPUT 1              -m ipvs --vaddr 10.96.0.20 --vport 80 (only counted)
                        OUTPUT 3    1 passed  -m ipvs --vmethod MASQ (only counted)
            """)
        .contains("    ipvs  source → 10.96.0.20:80  SYN_RECV")
        .contains("IPVS operations");
  }

  @Test
  void aTraceTellsItAsJson() {
    assertThat(run("trace", "--node", folder.toString(), "--format", "json", SYN, SYN))
        .as(errors.toString())
        .isZero();
    assertThat(out.toString().replace(" ", ""))
        .contains("\"ipvs\":\"forwarded\"")
        .contains("\"created\":true")
        .contains("\"method\":\"TUNNEL\"");
  }

  @Test
  void replayListsTheServicesAfterwards() throws IOException {
    Path packets = folder.resolve("packets.jsonl");
    Files.writeString(
        packets,
        "{\"inject\":\"eth0\",\"proto\":\"tcp\",\"src\":\"192.168.1.77\",\"sport\":40000,"
            + "\"dst\":\"10.96.0.20\",\"dport\":80,\"flags\":\"S\"}\n");
    Path results = folder.resolve("out");
    assertThat(
            run(
                "replay",
                "--node",
                folder.toString(),
                "--packets",
                packets.toString(),
                "--out",
                results.toString()))
        .as(errors.toString())
        .isZero();
    assertThat(Files.readString(results.resolve("ipvsadm.txt")))
        .contains("  -> 10.244.2.12:80               Tunnel  1      1          0");
    assertThat(Files.readString(results.resolve("ipvsadm-stats.txt")))
        .contains("TCP  10.96.0.20:80                       1        1        0       40        0");
    assertThat(Files.readString(results.resolve("ipvsadm-connections.txt")))
        .contains("TCP 01:00  SYN_RECV    192.168.1.77:40000 10.96.0.20:80      10.244.2.12:80");
  }

  @Test
  void anErrorNamesTheFile() throws IOException {
    write("ipvsadm-save.txt", "-A -t 10.96.0.20:80 -s least\n");
    assertThat(run("trace", "--node", folder.toString(), SYN)).isEqualTo(1);
    assertThat(errors.toString())
        .contains("ipvsadm-save.txt:1:24: found unknown scheduler \"least\", expected one of rr");
  }
}
