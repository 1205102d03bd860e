package dev.packetpath.iptables.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.packetpath.core.SyntaxException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad inputs and their messages. Line 1 to 4 create {@code i}, {@code n}, {@code p}, {@code b}. */
class IpsetErrorsTest {
  private static final String SETS =
      "create i hash:ip\n"
          + "create n hash:net\n"
          + "create p hash:ip,port\n"
          + "create b bitmap:port range 1-9\n";

  private record Case(String line, String message) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "frob i",
              "5:1: found \"frob\", expected create, add, del, test, flush, destroy, rename, swap"
                  + " or COMMIT"),
          new Case("add", "5:4: found the end of the line, expected the name of a set"),
          new Case("add x 1.1.1.1", "5:5: found \"x\", expected the name of a set that exists"),
          new Case("add i", "5:6: found the end of the line, expected an element of hash:ip"),
          new Case("add i 300.0.0.1", "5:7: found \"300.0.0.1\", expected an IPv4 address"),
          new Case("add i ::1", "5:7: found \"::1\", expected an IPv4 address"),
          new Case(
              "add i 1.1.1.1,80", "5:7: found \"1.1.1.1,80\", expected an element of the form IP"),
          new Case(
              "add p 1.1.1.1",
              "5:7: found \"1.1.1.1\", expected an element of the form IP,[PROTO:]PORT"),
          new Case(
              "add p 1.1.1.1,tcp:65536",
              "5:15: found \"tcp:65536\", expected a port from 0 to 65535"),
          new Case(
              "add p 1.1.1.1,vrrp:1", "5:15: found \"vrrp:1\", expected port 0 for protocol vrrp"),
          new Case(
              "add p 1.1.1.1,icmpv6:1/1",
              "5:15: found \"icmpv6:1/1\", expected icmp in a set of family inet"),
          new Case("add p 1.1.1.1,foo:1", "5:15: found \"foo\", expected a protocol"),
          new Case(
              "add n 10.0.0.0/33",
              "5:7: found \"10.0.0.0/33\", expected a prefix length from 0 to 32"),
          new Case(
              "add n 0.0.0.0/0",
              "5:7: found \"0.0.0.0/0\" (The value of the CIDR parameter of the IP address is"
                  + " invalid), expected a prefix length of 1 or more"),
          new Case(
              "add i 0.0.0.0",
              "5:7: found \"0.0.0.0\" (Null-valued element, cannot be stored in a hash type of"
                  + " set), expected an address other than zero"),
          new Case(
              "add i 1.1.1.1 timeout 5",
              "5:7: found \"1.1.1.1\" (Timeout cannot be used: set was created without timeout"
                  + " support), expected a set created with timeout"),
          new Case(
              "create t hash:ip,port,ip\nadd t 1.1.1.1,80,2.2.2.2-2.2.2.2",
              "6:18: found \"2.2.2.2-2.2.2.2\", expected one IPv4 address"),
          new Case(
              "create t hash:ip,port,ip\nadd t 1.1.1.1,80,2.2.2.2/32",
              "6:18: found \"2.2.2.2/32\", expected one IPv4 address"),
          new Case(
              "test p 1.1.1.0/24,80",
              "5:8: found \"1.1.1.0/24,80\", expected an element without ranges"),
          new Case("test b 1-3", "5:8: found \"1-3\", expected an element without ranges"),
          new Case(
              "add i 1.1.1.1 nomatch",
              "5:15: found \"nomatch\", expected an option of an element of hash:ip"),
          new Case(
              "add b 10",
              "5:7: found \"10\" (Element is out of the range of the set), expected an element in"
                  + " the range of the set"),
          new Case(
              "del i 1.1.1.1",
              "5:7: found \"1.1.1.1\" (Element cannot be deleted from the set: it's not added),"
                  + " expected an element of the set, or -exist"),
          new Case(
              "create i hash:ip",
              "5:8: found \"i\" (Set cannot be created: set with the same name already exists),"
                  + " expected another name"),
          new Case(
              "create x hash:foo",
              "5:10: found \"hash:foo\", expected a modelled set type, such as hash:ip"),
          new Case(
              "create x bitmap:port",
              "5:21: found the end of the line, expected range, which bitmap:port needs"),
          new Case(
              "create x hash:ip size 3", "5:18: found \"size\", expected an option of hash:ip"),
          new Case(
              "create x hash:ip netmask 33",
              "5:26: found \"33\", expected a netmask of at most 32"),
          new Case(
              "create x hash:ip timeout 2147484",
              "5:26: found \"2147484\", expected the value of timeout, a number from 0 to 2147483"),
          new Case(
              "create x bitmap:ip range 10.0.0.0/8",
              "5:26: found \"10.0.0.0/8\", expected a range of at most 65536 elements that are"
                  + " whole networks of the netmask"),
          new Case(
              "create abcdefghijklmnopqrstuvwxyz123456 hash:ip",
              "5:8: found \"abcdefghijklmnopqrstuvwxyz123456\", expected a set name of 1 to 31"
                  + " characters"),
          new Case("add i 1.1.1.1 comment \"x", "5:23: found \"\"x\", expected a closing '\"'"),
          new Case("flush i n", "5:9: found \"n\", expected the end of the line"),
          new Case("swap i x", "5:8: found \"x\", expected the name of a set that exists"));

  @Test
  void eachBadLineIsNamedWithItsPlaceAndWhatWasExpected() {
    for (Case each : CASES) {
      Throwable error = catchThrowable(() -> new SetLab(SETS + each.line()));
      assertThat(error).as(each.line()).isInstanceOf(SyntaxException.class);
      assertThat(error).hasMessage("ipset:" + each.message());
    }
  }

  /** ipset 7.17: "timeout already specified". Flags may be said again. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "add e 1.1.1.1 timeout 5 timeout 6",
        "add e 1.1.1.1 packets 1 packets 2",
        "add e 1.1.1.1 bytes 1 bytes 2",
        "add e 1.1.1.1 comment a comment b",
        "add e 1.1.1.1 skbmark 0x1 skbmark 0x2",
        "add e 1.1.1.1 skbprio 1:1 skbprio 1:2",
        "add e 1.1.1.1 skbqueue 1 skbqueue 2",
        "create x hash:ip family inet family inet6",
        "create x hash:ip -4 -6",
        "create x bitmap:port range 1-2 range 1-3",
        "create x hash:ip timeout 1 timeout 2",
        "create x hash:ip maxelem 4 maxelem 5"
      })
  void anOptionWithAValueStandsOnce(String line) {
    String set = "create e hash:ip timeout 9 counters comment skbinfo\n";
    assertThat(catchThrowable(() -> new SetLab(set + line)))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("only once");
    new SetLab("create x hash:ip counters counters comment comment");
  }

  @ParameterizedTest
  @CsvSource({
    "hash:ip -6, inet6",
    "hash:ip -4, inet",
    "hash:ip family inet6, inet6",
    "hash:ip family ipv6, inet6",
    "hash:ip family inet, inet"
  })
  void theFamilyIsWrittenInManyWays(String type, String family) {
    assertThat(new SetLab("create x " + type).save()).contains(" family " + family + " ");
  }
}
