package dev.packetpath.iptables.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ipset 7.17 on Linux 6.18 let these commands do to these sets, and what it refused. */
class IpsetCommandsTest {
  private static final String[] SETS = {
    "create a hash:ip",
    "create b hash:ip",
    "create c hash:net",
    "create d bitmap:ip range 10.0.0.0-10.0.0.20",
    "create e bitmap:port range 80-90",
    "create f hash:net,iface",
    "create l list:set",
    "create t list:set timeout 600 counters comment",
    "add a 10.0.0.1",
    "add a 10.0.0.2",
    "add d 10.0.0.3-10.0.0.9",
    "add e 80-85",
    "add f 10.1.0.0/24,eth0",
    "add f 10.1.0.0/24,eth1",
    "add f 10.2.0.0/16,physdev:eth1",
    "add l a",
    "add l b",
    "add l c before a",
    "add l d after c",
    "add t a comment \"one\"",
    "add t b timeout 5 packets 3 bytes 9"
  };

  private final SetLab lab = new SetLab();

  @BeforeEach
  void restore() {
    lab.restore(SETS);
  }

  private String elementsOf(String set) {
    return lab.elements().stream()
        .filter(line -> line.startsWith("add " + set + " "))
        .map(line -> line.substring(("add " + set + " ").length()))
        .toList()
        .toString();
  }

  @ParameterizedTest
  @CsvSource({
    "mptcp:80, tcp:80",
    "TCP:80, tcp:80",
    "UDPLite:82, udplite:82",
    "IPSEC-ESP:0, esp:0",
    "OSPFIGP:0, ospf:0",
    "IPv6:0, ipv6:0",
    "255:0, 255:0"
  })
  void protocolsHaveNamesAndAliases(String given, String kept) {
    lab.restore("create p hash:ip,port", "add p 10.0.0.1," + given);
    assertThat(elementsOf("p")).isEqualTo("[10.0.0.1," + kept + "]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Tcp:81",
        "UDPLITE:83",
        "icmp6:0",
        "ip:0",
        "hopopt:0",
        "mh:0",
        "ipv6-mh:0",
        "all:0"
      })
  void otherNamesOfProtocolsAreRefused(String given) {
    lab.restore("create p hash:ip,port");
    assertThatThrownBy(() -> lab.restore("add p 10.0.0.1," + given))
        .hasMessageContaining("a protocol");
  }

  @Test
  void listsKeepTheirOrderAndBitmapsTheirs() {
    assertThat(elementsOf("l")).isEqualTo("[c, d, a, b]");
    assertThat(elementsOf("e")).isEqualTo("[80, 81, 82, 83, 84, 85]");
    assertThat(elementsOf("f"))
        .contains("10.2.0.0/16,physdev:eth1", "10.1.0.0/24,eth0", "10.1.0.0/24,eth1");
    assertThat(elementsOf("t"))
        .isEqualTo(
            "[a timeout 600 packets 0 bytes 0 comment \"one\", b timeout 5 packets 3 bytes 9]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test a 10.0.0.1",
        "test l c",
        "test l c before d",
        "test l d after c",
        "test e 84",
        "add l a -exist",
        "del l d -exist",
        "create a hash:ip -exist",
        "create x hash:ip probes 3 resize 5 gc 9"
      })
  void accepted(String command) {
    lab.restore(command);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "add l a|Element cannot be added to the set: it's already added",
        "add l zzz|Set to be added/deleted/tested as element does not exist.",
        "add l t|Sets with list:set type cannot be added to the set.",
        "add l e before zzz|The set to which you referred with 'before' or 'after' does not exist.",
        "add l e before e|The set to which you referred with 'before' or 'after' is not added",
        "del l b before d|is not added to the set",
        "del l e|Element cannot be deleted from the set: it's not added",
        "del l zzz|Set to be added/deleted/tested as element does not exist.",
        "del d 10.0.0.10|Element cannot be deleted from the set: it's not added",
        "del e 86|Element cannot be deleted from the set: it's not added",
        "del f 10.1.0.0/24,eth2|Element cannot be deleted from the set: it's not added",
        "rename a z|Set cannot be renamed: it is in use by another system",
        "rename e b|Set cannot be renamed: a set with the new name already exists",
        "swap b z|expected the name of a set that exists",
        "destroy z|expected the name of a set that exists",
        "del l e before a -exist|is not added to the set",
        "del l a after c|is not added to the set",
        "destroy c|Set cannot be destroyed: it is in use by a kernel component",
        "add e 91|Element is out of the range of the set",
        "add d 10.0.1.1|Element is out of the range of the set",
        "add t a|Element cannot be added to the set: it's already added"
      })
  void refused(String command, String message) {
    String before = lab.save();
    assertThatThrownBy(() -> lab.restore(command)).hasMessageContaining(message);
    assertThat(lab.save()).isEqualTo(before);
  }

  @Test
  void elementsAreDeleted() {
    lab.restore(
        "del l d after c", "del d 10.0.0.4-10.0.0.6", "del e 81-83", "del f 10.1.0.0/24,eth0");
    assertThat(elementsOf("l")).isEqualTo("[c, a, b]");
    assertThat(elementsOf("d")).isEqualTo("[10.0.0.3, 10.0.0.7, 10.0.0.8, 10.0.0.9]");
    assertThat(elementsOf("e")).isEqualTo("[80, 84, 85]");
    assertThat(elementsOf("f"))
        .contains("10.2.0.0/16,physdev:eth1", "10.1.0.0/24,eth1")
        .doesNotContain("eth0");
    lab.restore("add l d before b");
    assertThat(elementsOf("l")).isEqualTo("[c, a, d, b]");
  }

  @Test
  void setsSwapNamesAndAreFlushedAndDestroyed() {
    lab.restore("swap b a", "flush l", "destroy c", "flush f", "add t a timeout 77 -exist");
    assertThat(elementsOf("b")).isEqualTo("[10.0.0.1, 10.0.0.2]");
    assertThat(elementsOf("a")).isEqualTo("[]");
    assertThat(elementsOf("l")).isEqualTo("[]");
    assertThat(elementsOf("f")).isEqualTo("[]");
    assertThat(elementsOf("t")).contains("a timeout 77 packets 0 bytes 0");
    assertThat(lab.save()).doesNotContain("create c ");
    lab.restore("rename e z");
    assertThat(elementsOf("z")).isEqualTo("[80, 81, 82, 83, 84, 85]");
    lab.restore("flush");
    assertThat(lab.elements()).isEmpty();
  }

  @Test
  void elementsOfListsEndAtTheirTime() {
    lab.clock.advanceTo(5_500_000_000L);
    assertThat(elementsOf("t")).startsWith("[a ").doesNotContain("b timeout");
    lab.restore("flush l", "flush t", "destroy a", "destroy b");
    assertThat(lab.save()).doesNotContain("create a ");
  }

  /** ipset test, for single elements. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a 10.0.0.1|true",
        "a 10.0.0.7|false",
        "l c|true",
        "l e|false",
        "l c before d|true",
        "l c before a|false",
        "l d after c|true",
        "l a before c|false",
        "l b after c|false",
        "e 84|true",
        "e 90|false",
        "d 10.0.0.3|true",
        "d 10.0.0.2|false",
        "f 10.1.0.0/24,eth0|true",
        "f 10.2.0.0/16,eth1|false"
      })
  void elementsAreFound(String test, boolean found) throws IOException {
    List<IpsetCommand> read = new ArrayList<>();
    new IpsetReader("test", false)
        .read(new StringReader(lab.save() + "test " + test + "\n"), read::add);
    IpsetCommand.Test asked = (IpsetCommand.Test) read.get(read.size() - 1);
    assertThat(lab.sets.test(asked.set(), asked.entry())).isEqualTo(found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "test a 10.0.0.1",
        "test l c before d",
        "test l d after c",
        "add l e before a -exist",
        "del l c after b -exist",
        "flush",
        "flush a",
        "destroy",
        "destroy a",
        "rename a z",
        "swap a b"
      })
  void whatIsReadPrintsTheSame(String command) throws IOException {
    StringBuilder printed = new StringBuilder();
    List<IpsetCommand> read = new ArrayList<>();
    String text = lab.save() + command + "\n";
    new IpsetReader("text", false).read(new StringReader(text), read::add);
    for (IpsetCommand each : read) {
      IpsetPrinter.print(each, printed);
    }
    assertThat(printed.toString()).endsWith("\n" + command + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create x hash:ip timeout 5 timeout 6|5:28: found \"timeout\", expected timeout only once"
      })
  void anOptionIsGivenOnce(String command, String message) {
    assertThatThrownBy(() -> lab.restore("", "", "", "", command)).hasMessageContaining(message);
  }

  @Test
  void allSetsAreDestroyedAtOnceIfNoneIsUsed() {
    assertThatThrownBy(() -> lab.restore("destroy"))
        .hasMessageContaining("Set cannot be destroyed: it is in use by a kernel component");
    lab.restore("flush", "destroy");
    assertThat(lab.save()).isEmpty();
  }
}
