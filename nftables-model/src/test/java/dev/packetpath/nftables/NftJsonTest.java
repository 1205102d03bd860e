package dev.packetpath.nftables;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.packetpath.core.SyntaxException;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * ruleset.json is what nft 1.0.6 printed of a rule set with all statements that kube-proxy uses.
 */
final class NftJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static String real() throws IOException {
    return Resources.toString(Resources.getResource(NftJsonTest.class, "ruleset.json"), UTF_8);
  }

  private static ImmutableList<NftTable> read(String text) throws IOException {
    return NftJsonReader.read("ruleset.json", new StringReader(text));
  }

  @Test
  void whatNftPrintedIsReadAndWrittenAgain() throws IOException {
    StringWriter written = new StringWriter();
    NftJsonWriter.write(read(real()), written);
    assertThat(objects(written.toString())).containsExactlyElementsOf(objects(real()));
  }

  /** Returns the objects without what a rule set's meaning does not depend on. */
  private static List<JsonNode> objects(String text) throws IOException {
    List<JsonNode> objects = new ArrayList<>();
    for (JsonNode object : MAPPER.readTree(text).path("nftables")) {
      if (!object.has("metainfo")) {
        object.elements().forEachRemaining(fields -> ((ObjectNode) fields).remove("handle"));
        objects.add(object);
      }
    }
    return objects;
  }

  @Test
  void theTextOfARuleIsTheOneThatNftReads() throws IOException {
    StringWriter text = new StringWriter();
    NftText.write(read(real()), text);
    assertThat(text.toString())
        .contains("\t\tip daddr . meta l4proto . th dport vmap @service-ips\n")
        .contains(
            "\t\tfib daddr type local ip daddr != 127.0.0.0/8"
                + " meta l4proto . th dport vmap @service-nodeports\n")
        .contains("\t\tnumgen random mod 2 vmap { 0 : goto endpoint-X, 1 : goto endpoint-Y }\n")
        .contains("\t\tmeta mark and 0x4000 == 0 return\n")
        .contains("\t\tupdate @affinity-X { ip saddr }\n")
        .contains("\t\tmeta l4proto tcp dnat to 10.244.1.5:8080\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"rule\": {}}] | 1:15: found something of table \" \"",
        "[{\"flowtable\": {}}] | found \"flowtable\", expected table, chain, set, map or rule",
        "[{\"table\": {\"family\": \"inet\", \"name\": \"x\"}}] | found family \"inet\", expected"
            + " ip",
        "[{\"table\": | found Unexpected character"
      })
  void whatIsNotModelledIsAnError(String objects, String message) {
    assertThatThrownBy(() -> read("{\"nftables\": " + objects + "}"))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining(message.replace("table \" \"", "table  "));
  }

  /** What a rule of a table t says, and what is wrong with it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'match': {'op': '<', 'left': {'meta': {'key': 'mark'}}, 'right': 1}}"
            + " | found operator \"<\", expected ==, != or in",
        "{'match': {'op': '==', 'left': {'rt': {'key': 'mtu'}}, 'right': 1}}"
            + " | found expression \"rt\", expected one that is modelled",
        "{'reject': {'type': 'icmp', 'expr': 'admin-prohibited'}}"
            + " | found reject with \"admin-prohibited\", expected port-unreachable",
        "{'mangle': {'key': {'meta': {'key': 'priority'}}, 'value': 1}}"
            + " | expected the mark with some of its bits changed",
        "{'masquerade': {'flags': 'persistent'}} | expected fully-random or nothing",
        "{'masquerade': {'flags': ['fully-random', 'persistent']}} | expected fully-random or",
        "{'masquerade': {'port': 2000}} | expected fully-random or nothing",
        "{'reject': {'type': 'tcp reset'}} | found reject with \"tcp reset\", expected an ICMP",
        "{'dnat': {'addr': '10.0.0.1', 'port': 1, 'flags': 'random'}} | found dnat to {",
        "{'match': {'op': '==', 'left': {'fib': {'result': 'oif', 'flags': ['daddr']}}, 'right':"
            + " 'lo'}} | expected the type of saddr or of daddr alone",
        "{'match': {'op': '==', 'left': {'fib': {'result': 'type', 'flags': ['daddr', 'iif']}},"
            + " 'right': 'local'}} | expected the type of saddr or of daddr alone",
        "{'match': {'op': '==', 'left': {'meta': {'key': 'l4proto'}}, 'right': 'x'}}"
            + " | found protocol \"x\", expected a known one",
        "{'match': {'op': '==', 'left': {'payload': {'base': 'th', 'offset': 16, 'len': 16}},"
            + " 'right': 80}} | expected a field of a header",
        "{'set': {'op': 'update', 'elem': {'elem': {'val': 1, 'timeout': 5}}, 'set': '@x'}}"
            + " | found an element with \"timeout\", expected its value alone",
        "{'vmap': {'key': {'payload': {'protocol': 'ip', 'field': 'saddr'}}, 'data': {'set':"
            + " [['*', {'drop': null}]]}}} | found an element \"*\" for all else, expected keys",
        "{'dnat': {'addr': '10.0.0.1'}} | expected an address and a port",
        "{'set': {'op': 'add', 'elem': 1, 'set': '@x'}} | found set \"add\", expected update",
        "{'vmap': {'key': {'meta': {'key': 'mark'}}, 'data': {'set': [1]}}}"
            + " | found 1, expected [key, verdict]",
        "{'vmap': {'key': {'meta': {'key': 'mark'}}, 'data': {'set': [[1]]}}}"
            + " | found [1], expected [key, verdict]",
        "{'vmap': {'key': {'meta': {'key': 'mark'}}, 'data': {'set': [[1, {'queue': null}]]}}}"
            + " | found verdict \"queue\", expected one that is modelled",
        "{'match': {'op': '==', 'left': {'numgen': {'mode': 'inc', 'mod': 2}}, 'right': 1}}"
            + " | expected random without an offset",
        "{'accept': null, 'drop': null} | expected an object of one field",
        "7 | found 7, expected an object of one field",
        "{'jump': {'target': 'x'}} | found chain \"x\", expected a chain of the table",
        "{'vmap': {'key': {'meta': {'key': 'mark'}}, 'data': '@x'}}"
            + " | found set \"x\", expected a set of the table",
        "{'vmap': {'key': {'meta': {'key': 'mark'}}, 'data': 'x'}}"
            + " | found set \"x\", expected a name behind @",
        "{'vmap': {'key': {'meta': {'key': 'mark'}}, 'data': {'set': [[1, {'goto': {'target':"
            + " 'x'}}]]}}} | found chain \"x\", expected a chain of the table",
        "{'match': {'op': '==', 'left': {'meta': {'key': 'mark'}}, 'right': '@x'}}"
            + " | found set \"x\", expected a set of the table",
        "{'match': {'op': '==', 'left': {'meta': {'key': 'priority'}}, 'right': 1}}"
            + " | found meta \"priority\", expected mark, l4proto, iifname or oifname",
        "{'match': {'op': '==', 'left': {'payload': {'protocol': 'ip', 'field': 'dscp'}}, 'right':"
            + " 1}} | found ip dscp, expected saddr, daddr or dport",
        "{'match': {'op': '==', 'left': {'&': [{'payload': {'protocol': 'ip', 'field': 'saddr'}},"
            + " '255.0.0.0']}, 'right': '10.0.0.0'}} | expected a field and a number",
        "{'match': {'op': '==', 'left': {'&': [{'payload': {'protocol': 'ip', 'field': 'saddr'}},"
            + " 1]}, 'right': 1}} | found field Bitwise[",
        "{'match': {'op': '==', 'left': {'payload': {'protocol': 'ip', 'field': 'saddr'}}, 'right':"
            + " {'prefix': {'addr': '10.0.0.0', 'len': 33}}}} | found length 33, expected a number"
            + " 0..32",
        "{'match': {'op': '==', 'left': {'payload': {'protocol': 'ip', 'field': 'saddr'}}, 'right':"
            + " {'prefix': {'addr': '10.0.0', 'len': 8}}}} | found \"10.0.0\", expected an IP"
            + " address",
        "{'match': {'op': '==', 'left': {'numgen': {'mode': 'random', 'mod': 0}}, 'right': 0}}"
            + " | expected a mod of 1 to 4294967295",
        "{'dnat': {'addr': 'host', 'port': 1}} | found \"host\", expected an IP address",
        "{'dnat': {'addr': 'fd00::1', 'port': 1}} | found dnat to fd00::1, expected an address of"
            + " ip",
        "{'dnat': {'addr': '10.0.0.1', 'port': 65536}} | found port 65536, expected a number"
            + " 0..65535",
        "{'set': {'op': 'update', 'elem': {'meta': {'key': 'mark'}}, 'set': '@x'}}"
            + " | found set \"x\", expected a set of the table"
      })
  void aBadStatementIsNamedWithItsPlace(String statement, String message) {
    String rule =
        "{'rule': {'family': 'ip', 'table': 't', 'chain': 'c', 'expr': [" + statement + "]}}";
    String text =
        ("{'nftables': [{'table': {'family': 'ip', 'name': 't'}},\n"
                + rule
                + ", {'chain': {'family': 'ip', 'table': 't', 'name': 'c'}}]}")
            .replace('\'', '"');
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(SyntaxException.class)
        .hasMessageStartingWith("ruleset.json:2:1: found ")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'chain': {'family': 'ip', 'table': 't', 'name': 'c', 'hook': 'ingress', 'prio': 0}}"
            + " | found hook \"ingress\", expected a hook of IP",
        "{'chain': {'family': 'ip', 'table': 't', 'name': 'c', 'hook': 'input', 'policy': 'drop'}}"
            + " | found policy \"drop\", expected accept",
        "{'set': {'family': 'ip6', 'table': 't', 'name': 's', 'type': 'ipv6_addr'}}"
            + " | found something of table ip6 t, expected that table before it",
        "{'table': {'family': 'ip', 'name': 't'}} | found a second table ip t, expected one",
        "{'table': {'family': 'ip', 'name': 'u', 'flags': 'dormant'}}"
            + " | found a dormant table, expected one that is walked",
        "{'chain': {'family': 'ip', 'table': 't', 'name': 'c', 'type': 'route', 'hook': 'output'}}"
            + " | found chain type \"route\", expected filter or nat",
        "{'map': {'family': 'ip', 'table': 't', 'name': 'm', 'type': 'ipv4_addr', 'map': 'mark',"
            + " 'elem': [['10.0.0.1', 5]]}} | found a map to mark, expected verdict",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ifname', 'elem': ['eth*']}}"
            + " | found device \"eth*\" as a key, expected a whole name",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ipv4_addr', 'elem':"
            + " [{'elem': {'val': '10.0.0.1', 'limit': {}}}]}}"
            + " | found an element with \"limit\", expected its value alone",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ipv4_addr', 'elem': [{'rt':"
            + " {}}]}} | found expression \"rt\", expected one that is modelled",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ipv4_addr', 'elem':"
            + " [{'meta': {'key': 'mark'}}]}}"
            + " | found key Meta[key=mark], expected one that is modelled",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ether_addr'}}"
            + " | found a set of type \"ether_addr\", expected ipv4_addr, ipv6_addr, inet_proto,"
            + " inet_service, mark, ifname, ct_state, fib_addrtype",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ipv4_addr', 'elem':"
            + " ['host']}} | found \"host\", expected an IP address",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'inet_service', 'elem':"
            + " ['http']}} | found \"http\", expected a number",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ct_state', 'elem':"
            + " ['open']}} | found state \"open\", expected one of invalid, established, related,"
            + " new, untracked",
        "{'set': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'fib_addrtype', 'elem':"
            + " ['remote']}} | found address type \"remote\", expected one of unspec, unicast,"
            + " local, broadcast, anycast, multicast, blackhole, unreachable, prohibit, throw",
        "{'map': {'family': 'ip', 'table': 't', 'name': 's', 'type': 'ipv4_addr', 'elem':"
            + " [[1, {'jump': {'target': 'x'}}]]}}"
            + " | found chain \"x\", expected a chain of the table",
        "{'rule': {'family': 'ip', 'table': 't', 'chain': 'x', 'expr': []}}"
            + " | found chain \"x\", expected a chain of the table"
      })
  void aBadChainOrSetIsNamedWithItsPlace(String object, String message) {
    String text =
        ("{'nftables': [{'table': {'family': 'ip', 'name': 't'}},\n" + object + "]}")
            .replace('\'', '"');
    assertThatThrownBy(() -> read(text)).hasMessage("ruleset.json:2:1: " + message);
  }

  @Test
  void elementsThatEndAreReadAndWrittenAgain() throws IOException {
    String element = "{\"elem\":{\"val\":\"10.0.0.1\",\"expires\":12}}";
    String text =
        "{\"nftables\":[{\"table\":{\"family\":\"ip\",\"name\":\"t\"}},"
            + "{\"set\":{\"family\":\"ip\",\"name\":\"s\",\"table\":\"t\",\"type\":\"ipv4_addr\","
            + "\"elem\":["
            + element
            + "]}}]}";
    StringWriter written = new StringWriter();
    NftJsonWriter.write(read(text), written);
    assertThat(written.toString()).contains(element).contains("\"flags\":[\"timeout\"]");
    StringWriter asText = new StringWriter();
    NftText.write(read(text), asText);
    assertThat(asText.toString()).contains("10.0.0.1 expires 12s").contains("flags timeout\n");
    assertThatThrownBy(() -> read(text.replace("12", "-1")))
        .hasMessageContaining("an element for -1 seconds, expected 0 to 4294967295");
  }

  @Test
  void aSecondChainOrSetIsNamedWithItsPlace() {
    for (String kind : List.of("chain", "set")) {
      String object = "{'" + kind + "': {'family': 'ip', 'table': 't', 'name': 'x'}}";
      String text =
          ("{'nftables': [{'table': {'family': 'ip', 'name': 't'}},\n"
                  + object
                  + ", "
                  + object
                  + "]}")
              .replace('\'', '"');
      assertThatThrownBy(() -> read(text))
          .hasMessage(
              "ruleset.json:2:%d: found a second %s \"x\", expected one",
              object.length() + 3, kind);
    }
  }

  @Test
  void anUnknownStatementIsAnError() {
    String rule =
        "{\"rule\": {\"family\": \"ip\", \"table\": \"t\", \"chain\": \"c\","
            + " \"expr\": [{\"tproxy\": {}}]}}";
    String text =
        "{\"nftables\": [{\"table\": {\"family\": \"ip\", \"name\": \"t\"}},\n" + rule + "]}";
    assertThatThrownBy(() -> read(text))
        .hasMessage("ruleset.json:2:1: found statement \"tproxy\", expected one that is modelled");
  }
}
