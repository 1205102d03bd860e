package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EntrySizeTest {
  private static Chain chain(IpFamily family, String rules) throws IOException {
    String text = "*nat\n:PREROUTING ACCEPT [0:0]\n:X - [0:0]\n" + rules + "\nCOMMIT\n";
    return RestoreParser.parse("rules", family, new StringReader(text))
        .table(TableName.NAT)
        .orElseThrow()
        .chains()
        .get(0);
  }

  /** The sizes of the kernel's structures as a C compiler has them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-d 10.96.0.1/32 -p tcp -m comment --comment \"a\" -m tcp --dport 80 -j X | 488",
        "-d 10.96.0.1/32 -p tcp -m tcp --dport 80 -j X | 200",
        "-m statistic --mode random --probability 0.5 -j X | 208",
        "-p tcp -m tcp -j DNAT --to-destination 10.0.0.1:80 | 216",
        "-j RETURN | 152",
        "-s 10.0.0.0/8 | 152",
        "-m set --match-set s dst -j X | 232",
        "-j MARK --set-xmark 0x1/0x1 | 152"
      })
  void aRuleTakesAnEntryItsMatchesAndItsTarget(String rule, int bytes) throws IOException {
    Chain chain = chain(IpFamily.IPV4, "-A PREROUTING " + rule);
    assertThat(EntrySize.of(chain.rules().get(0), IpFamily.IPV4)).isEqualTo(bytes);
  }

  @Test
  void anEntryOfIpv6IsLargerAndAChainIsItsRules() throws IOException {
    Chain chain = chain(IpFamily.IPV6, "-A PREROUTING -j RETURN\n-A PREROUTING -j X");
    assertThat(EntrySize.of(chain, IpFamily.IPV6)).isEqualTo(2 * 208);
  }
}
