package dev.packetpath.conntrack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.BaseEncoding;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Linux 6.18.44 did with TCP over a bad network, segment by segment: opened and closed in
 * every order, lost, repeated, late and spoilt. Recorded by {@code conformance/run --conversations
 * 4 --seed 51 --record FILE}; the columns are those of {@code TalkRecording}.
 */
final class RecordedConversationsTest {
  private static final Splitter WORDS = Splitter.on(' ');
  private static final List<Talk> TALKS = read();

  /** A conversation with its settings, told by its number. */
  private record Talk(int number, ConntrackSettings settings, boolean v4, List<String> lines) {
    @Override
    public String toString() {
      return "conversation " + number;
    }
  }

  private static List<Talk> read() {
    List<Talk> talks = new ArrayList<>();
    ConntrackSettings settings = ConntrackSettings.DEFAULTS;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        RecordedConversationsTest.class.getResourceAsStream("tcp-6.18.txt.gz"))),
                US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("settings ")) {
          settings = settings(line);
        } else if (line.startsWith("talk ")) {
          talks.add(new Talk(talks.size(), settings, line.endsWith("ipv4"), new ArrayList<>()));
        } else {
          talks.get(talks.size() - 1).lines.add(line);
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return talks;
  }

  private static ConntrackSettings settings(String line) {
    ImmutableMap.Builder<String, String> sysctls = ImmutableMap.builder();
    sysctls.put("net.netfilter.nf_conntrack_acct", "1");
    WORDS
        .splitToStream(line)
        .skip(1)
        .map(word -> Splitter.on('=').splitToList(word))
        .forEach(pair -> sysctls.put(pair.get(0), pair.get(1)));
    return ConntrackSettings.of(new Sysctls(sysctls.buildOrThrow()));
  }

  static Stream<Talk> talks() {
    return TALKS.stream();
  }

  @ParameterizedTest
  @MethodSource("talks")
  void eachSegmentLeavesTheEntryAsTheKernelHasIt(Talk talk) {
    Router router = new Router(talk.settings);
    Packet first = ends(talk, true);
    int number = 0;
    for (String line : talk.lines) {
      number++;
      List<String> parts = Splitter.on(" | ").splitToList(line);
      List<String> words = WORDS.splitToList(parts.get(0));
      router.clock.advanceTo(Long.parseLong(words.get(0)));
      long invalid = router.conntrack.statistics().invalid();
      Packet segment = segment(talk, words);
      Packet out =
          words.get(1).equals("client") ? router.fromEth0(segment) : router.fromEth1(segment);
      String judged =
          router.out.isEmpty()
              ? "dropped"
              : router.conntrack.statistics().invalid() > invalid ? "invalid" : "valid";
      assertThat(out.protocol()).isEqualTo(IpProtocol.TCP);
      assertThat(judged + " " + entry(router, Tuple.of(first)))
          .as("line %s: %s", number, line)
          .isEqualTo(parts.get(1));
    }
  }

  private static Packet ends(Talk talk, boolean fromClient) {
    String client = talk.v4 ? "10.0.1.5" : "fd00:1::5";
    String server = talk.v4 ? "10.0.2.9" : "fd00:2::9";
    return fromClient
        ? Router.tcp(client, 40_000, server, 80, "")
        : Router.tcp(server, 80, client, 40_000, "");
  }

  private static Packet segment(Talk talk, List<String> words) {
    String options = words.get(7);
    return ends(talk, words.get(1).equals("client"))
        .tcpFlags(TcpFlags.parseLetters(words.get(2).replace("-", "")))
        .tcpSequence(Integer.parseUnsignedInt(words.get(3)))
        .tcpAcknowledgment(Integer.parseUnsignedInt(words.get(4)))
        .tcpWindow(Integer.parseInt(words.get(5)))
        .payloadLength(Integer.parseInt(words.get(6)))
        .tcpOptions(BaseEncoding.base16().lowerCase().decode(options.replace("-", "")))
        .checksumValid(words.get(8).equals("good"));
  }

  /** The kernel's entry is found by the tuple of the packet, whichever way it went. */
  private static String entry(Router router, Tuple client) {
    Connection entry = router.conntrack.find(client, Zone.DEFAULT);
    if (!entry.exists()) {
      return "-";
    }
    String status =
        (entry.hasAny(ConnectionStatus.SEEN_REPLY) ? "SEEN_REPLY" : "")
            + (entry.hasAny(ConnectionStatus.ASSURED) ? "+ASSURED" : "");
    return entry.stateName()
        + " "
        + entry.remainingSeconds(router.clock.nowNs())
        + " "
        + entry.packets(Direction.ORIGINAL)
        + "/"
        + entry.packets(Direction.REPLY)
        + " "
        + (status.isEmpty() ? "-" : status);
  }
}
