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
