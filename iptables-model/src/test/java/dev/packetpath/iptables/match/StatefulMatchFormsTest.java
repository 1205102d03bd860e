package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.Resources;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadException;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What iptables-legacy-restore 1.8.9 takes and iptables-legacy-save then prints: family, rule as
 * written, rule as saved ({@code =} if the same) or {@code refused}.
 */
class StatefulMatchFormsTest {
  private static final Host HOST = Host.builder(ConfiguredNetwork.builder().build()).build();
  private static final Nat NAT = Nat.attach(Conntrack.attach(HOST, ConntrackSettings.DEFAULTS));
  private static final IpSets SETS = sets();

  private static IpSets sets() {
    String text =
        """
        create hip hash:ip
        create hipport hash:ip,port
        create hnet hash:net
        create hipc hash:ip counters
        create hip6 hash:ip family inet6
        create hnetiface hash:net,iface
        create bport bitmap:port range 0-1000
        create lst list:set
        """;
    IpSets sets = new IpSets(HOST.clock(), HOST.work());
    try {
      sets.restore("sets", new StringReader(text), false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sets;
  }

  /** One row of the table. */
  record Form(IpFamily family, String written, String saved) {
    boolean isRefused() {
      return saved.equals("refused");
    }

    @Override
    public String toString() {
      return family + " " + written;
    }
  }

  static List<Form> taken() throws IOException {
    return forms().filter(form -> !form.isRefused()).toList();
  }

  static List<Form> refused() throws IOException {
    return forms().filter(Form::isRefused).toList();
  }

  private static Stream<Form> forms() throws IOException {
    return Resources.readLines(
            Resources.getResource(StatefulMatchFormsTest.class, "stateful-match-forms.tsv"),
            StandardCharsets.UTF_8)
        .stream()
        .map(line -> line.split("\t", -1))
        .map(
            cells ->
                new Form(
                    cells[0].equals("6") ? IpFamily.IPV6 : IpFamily.IPV4,
                    cells[1],
                    cells[2].equals("=") ? cells[1] : cells[2]));
  }

  @ParameterizedTest
  @MethodSource("taken")
  void iptablesSavePrintsARuleThisWay(Form form) throws IOException {
    assertThat(printed(form)).isEqualTo(form.saved());
  }

  @ParameterizedTest
  @MethodSource("refused")
  void iptablesRestoreRefusesARule(Form form) {
    assertThatThrownBy(() -> printed(form))
        .isInstanceOfAny(SyntaxException.class, LoadException.class)
        .hasMessageMatching(
            "(?s)(rules:2:[0-9]+|filter FORWARD rule 1 \\(line 2\\)): found .+, expected .+");
  }

  private static String printed(Form form) throws IOException {
    String text = "*filter\n-A FORWARD " + form.written() + "\nCOMMIT\n";
    Ruleset rules = RestoreParser.parse("rules", form.family(), new StringReader(text));
    Iptables loaded = Iptables.attach(HOST, rules, SETS, Optional.of(NAT));
    Chain chain =
        loaded.snapshot().tables().get(0).chains().stream()
            .filter(each -> each.name().equals("FORWARD"))
            .findFirst()
            .orElseThrow();
    return chain.rules().get(0).toString();
  }
}
