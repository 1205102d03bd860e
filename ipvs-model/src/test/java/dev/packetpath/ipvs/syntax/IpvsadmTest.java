package dev.packetpath.ipvs.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.Ipvs;
import dev.packetpath.ipvs.IpvsSettings;
import dev.packetpath.ipvs.Persistence;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceEntry;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class IpvsadmTest {
  private static final String SAVED =
      """
      -A -t 10.96.0.1:443 -s rr -p 10800
      -a -t 10.96.0.1:443 -r 10.244.0.2:6443 -m -w 1
      -a -t 10.96.0.1:443 -r 10.244.0.3:6443 -m -w 0
      -A -t 10.96.0.2:80 -s sh -b sh-fallback,sh-port
      -a -t 10.96.0.2:80 -r 10.244.0.9:80 -g -w 5
      -A -u 10.96.0.10:53 -s wrr -p 300 -M 255.255.255.0 -o
      -A --sctp-service 10.96.0.11:9 -s mh -b mh-port
      -A -t [fd00::1]:80 -s wlc -p 60 -M 64
      -a -t [fd00::1]:80 -r [fd00:1::2]:80 -i -w 1 --tun-type ipip
      -A -f 5 -s lblcr
      -a -f 5 -r 10.244.0.7:0 -m -w 65535
      -A -f 5 -6 -s twos
      """;

  private static ImmutableList<ServiceEntry> read(String text) throws IOException {
    return IpvsadmReader.read("save", new StringReader(text));
  }

  private static String print(Iterable<ServiceEntry> services) throws IOException {
    StringBuilder out = new StringBuilder();
    IpvsadmPrinter.save(services, out);
    return out.toString();
  }

  private static Ipvs load(String text) throws IOException {
    Ipvs ipvs =
        new Ipvs(IpvsSettings.DEFAULTS, new VirtualClock(), new SeededDecisions(0), new Work());
    ipvs.load(read(text));
    return ipvs;
  }

  @Test
  void whatIsPrintedIsRead() throws IOException {
    assertThat(print(read(SAVED))).isEqualTo(SAVED);
    assertThat(print(IpvsadmPrinter.entries(load(SAVED)))).isEqualTo(SAVED);
  }

  @Test
  void longOptionsSayTheSame() throws IOException {
    assertThat(
            print(
                read(
                    """
                    # a comment
                    --add-service --tcp-service 10.96.0.1:80 --scheduler rr --persistent
                    --add-server --tcp-service 10.96.0.1:80 --real-server 10.0.0.1:8080 --masquerading

                    -a -t 10.96.0.1:80 -r 10.0.0.2 -w 3
                    """)))
        .isEqualTo(
            """
            -A -t 10.96.0.1:80 -s rr -p 360
            -a -t 10.96.0.1:80 -r 10.0.0.1:8080 -m -w 1
            -a -t 10.96.0.1:80 -r 10.0.0.2:80 -g -w 3
            """);
  }

  @Test
  void thresholdsAreReadAndNotSaved() throws IOException {
    ServerSpec server =
        read("-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80 -r 10.0.0.2:80 -m -x 9 -y 4\n")
            .get(0)
            .servers()
            .get(0);
    assertThat(server.upperThreshold()).isEqualTo(9);
    assertThat(server.lowerThreshold()).isEqualTo(4);
    assertThat(server.method()).isEqualTo(Method.MASQUERADE);
  }

  @Test
  void aNetmaskIsAPrefixLength() throws IOException {
    assertThat(read(SAVED).stream().flatMap(entry -> entry.service().persistence().stream()))
        .contains(new Persistence(300, 24), new Persistence(60, 64), new Persistence(10_800, 32));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-A -t 10.0.0.1:80 -s wr | 1:22: found unknown scheduler \"wr\", expected one of rr wrr",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2:80 -w 2147483648"
            + "| 2:37: found \"2147483648\", expected a number from 0 to 2147483647",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2:80 -w -1"
            + "| 2:37: found \"-1\", expected a value for -w",
        "-A -t 10.0.0.1:80;-A -t 10.0.0.1:80"
            + "| 2:7: found service TCP 10.0.0.1:80 again, expected another service",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r fd00::1"
            + "| 2:22: found server fd00::1 of another family than its service,"
            + " expected an IPv4 address, or -i",
        "-a -t 10.0.0.1:80 -r 10.0.0.2:80"
            + "| 1:7: found no service TCP 10.0.0.1:80 so far, expected a service of a line before",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2:80;-a -t 10.0.0.1:80 -r 10.0.0.2:80"
            + "| 3:22: found server 10.0.0.2:80 again in service TCP 10.0.0.1:80",
        "-A -t 10.0.0.1:0 | 1:7: found port 0, expected -p: a service of all ports is persistent",
        "-A -t 10.0.0.1:x | 1:7: found \"10.0.0.1:x\", expected a valid value (not a port from 0",
        "-A -t10.0.0.1:x | 1:6: found \"10.0.0.1:x\", expected a valid value (not a port from 0",
        "-A --tcp-service=10.0.0.1:x | 1:18: found \"10.0.0.1:x\", expected a valid value (not a",
        "-A -t 10.0.0.1:80 --set 1 2 3 | 1:19: found \"--set\", expected an option of add-service",
        "--set 1 2 3 | 1:1: found \"--set\", expected a command that changes services: -A, -E,",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 224.0.0.1"
            + "| 2:22: found server 224.0.0.1, expected the address of one host",
        "-A -t 10.0.0.1:80;-e -t 10.0.0.1:80 -r 10.0.0.2"
            + "| 2:22: found no server 10.0.0.2:80 in service TCP 10.0.0.1:80, expected a server of",
        "-A -t 10.0.0.300:1 | 1:7: found \"10.0.0.300:1\", expected a valid value (not an IP",
        "-A -t 10.0.0.1:80 -Z | 1:19: found a second command \"-Z\", expected one",
        "-A -t 10.0.0.1:80 -n | 1:19: found \"-n\", expected an option of add-service",
        "-A -t 10.0.0.1:80 -s | 1:21: found nothing, expected a value for -s",
        "-A -t 10.0.0.1:80 -u 10.0.0.1:80 | 1:22: found a second service, expected one of -t",
        "-A -s rr | 1:9: found no service, expected -t, -u, --sctp-service or -f",
        "-t 10.0.0.1:80 | 1:1: found \"-t\", expected a command: -A, -E, -D, -a, -e, -d, -C or -Z",
        "-A -f 0 | 1:7: found \"0\", expected a valid value (a mark is not 0)",
        "-A -t 10.0.0.1:80 -p 5 -M 255.0.255.0 | 1:27: found \"255.0.255.0\", expected a valid",
        "-A -t 10.0.0.1:80 -p 0 | 1:22: found \"0\", expected a valid value (timeout out of range",
        "-A -t 10.0.0.1:80 -s rr -b sh-port | 1:28: found flag \"sh-port\", expected a flag of",
        "-A -t 10.0.0.1:80 --pe sip | 1:24: found persistence engine \"sip\", expected none",
        "-A -t 10.0.0.1:80 -w 1 | 1:19: found \"-w\", expected an option of add-service, not",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 | 2:18: found no server, expected -r",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type gue"
            + "| 2:48: found no port of gue, expected --tun-port",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type l2tp"
            + "| 2:45: found tunnel \"l2tp\", expected ipip, gue or gre",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type gre --tun-remcsum"
            + "| 2:49: found tun-remcsum of gre, expected a tunnel that has it",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2 -i --tun-type gue --tun-port 0"
            + "| 2:60: found port 0 of gue, expected a number from 1 to 65535",
        "-A -t 10.0.0.1:nosuch"
            + "| 1:7: found \"10.0.0.1:nosuch\", expected a valid value (not a port from 0 to 65535 or"
            + " a known name of one: \"nosuch\")",
        "--start-daemon backup | 1:1: found \"--start-daemon\", expected a command that changes"
            + " services: a daemon copies connections between directors, and there is one alone",
        "-A -t 10.0.0.1:80;-a -t 10.0.0.1:80 -r 10.0.0.2 -x 3 -y 4"
            + "| 2:39: found \"4\", expected a valid value (lower threshold out of range 0..3",
        "-A -A -t 10.0.0.1:80 | 1:4: found a second command \"-A\", expected one"
      })
  void whatIsWrongIsSaidWithItsPlace(String text, String error) {
    assertThatThrownBy(() -> read(text.replace(';', '\n')))
        .hasMessageStartingWith("save:" + error.strip());
  }

  /** Addresses more than half of the space apart compare by a difference that wraps. */
  @Test
  void servicesAreSortedByTheSignedDifferenceOfAddresses() throws IOException {
    String text = "-A -t 200.0.0.1:1 -s rr\n-A -t 10.0.0.1:1 -s rr\n-A -t 100.0.0.1:1 -s rr\n";
    assertThat(print(read(text)))
        .isEqualTo("-A -t 200.0.0.1:1 -s rr\n-A -t 10.0.0.1:1 -s rr\n-A -t 100.0.0.1:1 -s rr\n");
    assertThat(
            print(read("-A -t 10.0.0.2:1 -s rr\n-A -t 10.0.0.1:9 -s rr\n-A -t 10.0.0.1:1 -s rr\n")))
        .isEqualTo("-A -t 10.0.0.1:1 -s rr\n-A -t 10.0.0.1:9 -s rr\n-A -t 10.0.0.2:1 -s rr\n");
  }

  @Test
  void listsAsTheToolDoes() throws IOException {
    Ipvs ipvs = load(SAVED);
    Packet syn =
        new Packet()
            .source(IpAddress.parse("192.168.10.1"))
            .sourcePort(40_162)
            .destination(IpAddress.parse("10.96.0.1"))
            .destinationPort(443)
            .tcpFlags(TcpFlags.SYN);
    ipvs.fromClient(syn, false);
    StringBuilder services = new StringBuilder();
    IpvsadmListing.services(ipvs, services);
    assertThat(services.toString())
        .isEqualTo(
            """
            IP Virtual Server version 1.2.1 (size=4096)
            Prot LocalAddress:Port Scheduler Flags
              -> RemoteAddress:Port           Forward Weight ActiveConn InActConn
            TCP  10.96.0.1:443 rr persistent 10800
              -> 10.244.0.2:6443              Masq    1      1          0        \s
              -> 10.244.0.3:6443              Masq    0      0          0        \s
            TCP  10.96.0.2:80 sh (sh-fallback,sh-port)
              -> 10.244.0.9:80                Route   5      0          0        \s
            UDP  10.96.0.10:53 wrr persistent 300 mask 255.255.255.0 ops
            SCTP 10.96.0.11:9 mh (mh-port)
            TCP  [fd00::1]:80 wlc persistent 60 mask 64
              -> [fd00:1::2]:80               Tunnel  1      0          0        \s
            FWM  5 lblcr
              -> 10.244.0.7:0                 Masq    65535  0          0        \s
            FWM  5 IPv6 twos
            """);
    StringBuilder stats = new StringBuilder();
    IpvsadmListing.stats(ipvs, stats);
    assertThat(stats.toString().lines().limit(5))
        .containsExactly(
            "IP Virtual Server version 1.2.1 (size=4096)",
            "Prot LocalAddress:Port               Conns   InPkts  OutPkts  InBytes OutBytes",
            "  -> RemoteAddress:Port",
            "TCP  10.96.0.1:443                       1        1        0       40        0",
            "  -> 10.244.0.2:6443                     1        1        0       40        0");
    StringBuilder connections = new StringBuilder();
    IpvsadmListing.connections(ipvs, 0, connections);
    assertThat(connections.toString().lines())
        .contains(
            "IPVS connection entries",
            "pro expire state       source             virtual            destination",
            "TCP 01:00  SYN_RECV    192.168.10.1:40162 10.96.0.1:443      10.244.0.2:6443",
            "TCP 180:00  NONE        192.168.10.1:0     10.96.0.1:443      10.244.0.2:6443");
  }
}
