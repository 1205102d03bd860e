package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Old spellings and what is not modelled, read leniently: nothing is lost, and all is noted. */
class LenientReadTest {
  private static final String OLD_NOT = "old spelling: \"!\" behind the option, read as before it";

  static Stream<Arguments> rules() {
    return Stream.of(
        Arguments.of(
            "-s ! 10.0.0.0/8 -p ! tcp -i ! eth0 -j DROP",
            "! -s 10.0.0.0/8 ! -i eth0 ! -p tcp -j DROP",
            List.of("15: " + OLD_NOT, "31: " + OLD_NOT, "40: " + OLD_NOT)),
        Arguments.of(
            "-p tcp --sport ! 80:90 -j DROP",
            "-p tcp -m tcp ! --sport 80:90 -j DROP",
            List.of("27: " + OLD_NOT)),
        Arguments.of(
            "-p icmp --icmp-type ! 8",
            "-p icmp -m icmp ! --icmp-type 8",
            List.of("32: " + OLD_NOT)),
        Arguments.of("-m state --state ! NEW", "-m state ! --state NEW", List.of("29: " + OLD_NOT)),
        Arguments.of(
            "-ptcp -jACCEPT",
            "-p tcp -j ACCEPT",
            List.of(
                "12: old spelling: a value attached to -p, read as behind it",
                "18: old spelling: a value attached to -j, read as behind it")),
        Arguments.of(
            "-p tcp -m mport --ports 80,443 -j ACCEPT",
            "-p tcp -m multiport --ports 80,443 -j ACCEPT",
            List.of("22: old spelling: -m mport, read as -m multiport")),
        Arguments.of(
            "-m string --string foo",
            "-m string --string \"foo\" --algo bm",
            List.of("15: old spelling: string without --algo, read as --algo bm")),
        Arguments.of(
            "! -s www.example.org -p tcp --dport 80 -j ACCEPT",
            "-p tcp ! -s www.example.org -m tcp --dport 80 -j ACCEPT",
            List.of(
                "17: found \"www.example.org\", expected an address of IPv4 (names are not"
                    + " resolved), so -s is not modelled")),
        Arguments.of(
            "-p nosuch -j ACCEPT",
            "-p nosuch -j ACCEPT",
            List.of(
                "15: found protocol \"nosuch\", expected a protocol name or a number 0 to 255,"
                    + " so -p is not modelled")),
        Arguments.of(
            "-p tcp --syn --foo bar -j ACCEPT",
            "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN --foo bar -j ACCEPT",
            List.of("25: option --foo of tcp is not modelled")),
        Arguments.of(
            "--foo -j ACCEPT",
            "--foo -j ACCEPT",
            List.of("12: option --foo of iptables is not modelled")),
        Arguments.of(
            "-p tcp -m nosuch --bar \"a b\" ! --set c --dport 80 -j ACCEPT",
            "-p tcp -m nosuch --bar \"a b\" ! --set c -m tcp --dport 80 -j ACCEPT",
            List.of("22: match nosuch is not modelled")),
        Arguments.of(
            "-j NOSUCH --bar baz",
            "-j NOSUCH --bar baz",
            List.of("15: target NOSUCH is not modelled")),
        Arguments.of(
            "-j LOG --log-prefix a --bar baz",
            "-j LOG --log-prefix a --bar baz",
            List.of("34: option --bar of LOG is not modelled")),
        Arguments.of(
            "-m mac --mac-source XX:XX:XX:XX:XX:XX -j RETURN",
            "-m mac --mac-source XX:XX:XX:XX:XX:XX -j RETURN",
            List.of(
                "32: found \"XX:XX:XX:XX:XX:XX\", expected six hexadecimal bytes with colons for"
                    + " --mac-source, so mac is not modelled")),
        Arguments.of(
            "-m state --state NEW -j ACCEPT", "-m state --state NEW -j ACCEPT", List.of()));
  }

  @ParameterizedTest
  @MethodSource
  void rules(String written, String printed, List<String> notes) throws IOException {
    RestoreParser parser = new RestoreParser("rules", IpFamily.IPV4, ReadMode.LENIENT);
    String saved = read(parser, "-A FORWARD " + written);
    assertThat(saved).isEqualTo("-A FORWARD " + printed);
    assertThat(parser.notes())
        .extracting(ReadNote::toString)
        .containsExactlyElementsOf(notes.stream().map(note -> "rules:2:" + note).toList());
    assertThat(read(new RestoreParser("rules", IpFamily.IPV4, ReadMode.LENIENT), saved))
        .isEqualTo(saved);
  }

  @Test
  void whatNoReadingCanMeanIsStillAnError() {
    for (String line : List.of("-A INPUT foo", "-A nosuch", "-A INPUT -j nosuch", "-A INPUT -q")) {
      assertThatThrownBy(
              () -> read(new RestoreParser("rules", IpFamily.IPV4, ReadMode.LENIENT), line))
          .isInstanceOf(SyntaxException.class);
    }
  }

  private static String read(RestoreParser parser, String line) throws IOException {
    String saved =
        SavePrinter.toText(parser.read(new StringReader("*filter\n" + line + "\nCOMMIT\n")), false);
    return Splitter.on('\n')
        .splitToStream(saved)
        .filter(each -> each.startsWith("-A"))
        .findFirst()
        .orElseThrow();
  }
}
