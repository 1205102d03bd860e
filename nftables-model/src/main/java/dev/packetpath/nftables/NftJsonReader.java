package dev.packetpath.nftables;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads tables of the families ip and ip6 from what {@code nft -j list ruleset} prints (schema 1).
 * What the model does not know is an error.
 */
public final class NftJsonReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, NftTableDraft> tables = new LinkedHashMap<>();
  private final String file;
  private JsonLocation at = JsonLocation.NA;

  private NftJsonReader(String file) {
    this.file = file;
  }

  /**
   * Returns the tables of a text.
   *
   * @param file what the text is called in errors
   * @throws SyntaxException at the first object that is no JSON, that the model does not know, or
   *     that names a chain or set which its table does not have
   * @throws IOException if the reader fails
   */
  public static ImmutableList<NftTable> read(String file, Reader text) throws IOException {
    NftJsonReader reader = new NftJsonReader(file);
    reader.addAll(text);
    reader.tables.values().forEach(table -> table.check(reader::placed));
    return reader.finish();
  }

  /** Returns the same, though rules may name what is not there, or fields that are not modelled. */
  static ImmutableList<NftTable> readUnchecked(String file, Reader text) throws IOException {
    NftJsonReader reader = new NftJsonReader(file);
    reader.addAll(text);
    return reader.finish();
  }

  private ImmutableList<NftTable> finish() {
    return tables.values().stream()
        .map(NftTableDraft::finish)
        .collect(ImmutableList.toImmutableList());
  }

  private void addAll(Reader text) throws IOException {
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT
          || !"nftables".equals(parser.nextFieldName())
          || parser.nextToken() != JsonToken.START_ARRAY) {
        throw new SyntaxException(file, 1, 1, "another text", "{\"nftables\": [...]}");
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        at = parser.currentTokenLocation();
        JsonNode object = MAPPER.readTree(parser);
        placed(at, () -> add(object));
      }
    } catch (JsonProcessingException e) {
      JsonLocation where = e.getLocation();
      throw new SyntaxException(
          file,
          where == null ? 1 : Math.max(1, where.getLineNr()),
          where == null ? 1 : Math.max(1, where.getColumnNr()),
          e.getOriginalMessage().lines().findFirst().orElse("an error"),
          "JSON");
    }
  }

  private void placed(JsonLocation place, Runnable work) {
    try {
      work.run();
    } catch (NftJsonException e) {
      throw new SyntaxException(
          file, place.getLineNr(), Math.max(1, place.getColumnNr()), e.found(), e.expected());
    }
  }

  private void add(JsonNode object) {
    String kind = object.fieldNames().hasNext() ? object.fieldNames().next() : "";
    JsonNode fields = object.path(kind);
    switch (kind) {
      case "metainfo" -> {}
      case "table" -> addTable(fields);
      case "chain" -> addChain(fields);
      case "set" -> table(fields).add(set(fields, false), at);
      case "map" -> table(fields).add(set(fields, true), at);
      case "rule" -> addRule(fields);
      default -> throw new NftJsonException("\"" + kind + "\"", "table, chain, set, map or rule");
    }
  }

  private static String key(JsonNode fields, String table) {
    return fields.path("family").asText() + " " + fields.path(table).asText();
  }

  private void addTable(JsonNode fields) {
    String family = fields.path("family").asText();
    IpFamily known =
        switch (family) {
          case "ip" -> IpFamily.IPV4;
          case "ip6" -> IpFamily.IPV6;
          default -> throw new NftJsonException("family \"" + family + "\"", "ip or ip6");
        };
    if (fields.path("flags").toString().contains("dormant")) {
      throw new NftJsonException("a dormant table", "one that is walked");
    }
    NftTableDraft table = new NftTableDraft(known, fields.path("name").asText());
    if (tables.putIfAbsent(key(fields, "name"), table) != null) {
      throw new NftJsonException("a second table " + key(fields, "name"), "one");
    }
  }

  private NftTableDraft table(JsonNode fields) {
    NftTableDraft table = tables.get(key(fields, "table"));
    if (table == null) {
      throw new NftJsonException(
          "something of table " + key(fields, "table"), "that table before it");
    }
    return table;
  }

  private void addChain(JsonNode fields) {
    Optional<NftChain.Base> base = Optional.empty();
    if (fields.has("hook")) {
      String policy = fields.path("policy").asText("accept");
      if (!policy.equals("accept")) {
        throw new NftJsonException("policy \"" + policy + "\"", "accept");
      }
      String type = fields.path("type").asText("filter");
      if (!type.equals("filter") && !type.equals("nat")) {
        throw new NftJsonException("chain type \"" + type + "\"", "filter or nat");
      }
      String hook = fields.path("hook").asText().toUpperCase(Locale.ROOT);
      try {
        base =
            Optional.of(
                new NftChain.Base(
                    fields.path("type").asText(), Hook.valueOf(hook), fields.path("prio").asInt()));
      } catch (IllegalArgumentException e) {
        throw new NftJsonException("hook \"" + fields.path("hook").asText() + "\"", "a hook of IP");
      }
    }
    table(fields).add(fields.path("name").asText(), base);
  }

  private static NftSet set(JsonNode fields, boolean isMap) {
    String data = fields.path("map").asText("verdict");
    if (!data.equals("verdict")) {
      throw new NftJsonException("a map to " + data, "verdict");
    }
    ImmutableList.Builder<String> types = ImmutableList.builder();
    if (fields.path("type").isArray()) {
      fields.path("type").forEach(type -> types.add(type.asText()));
    } else {
      types.add(fields.path("type").asText());
    }
    ImmutableList.Builder<Expression> elements = ImmutableList.builder();
    ImmutableList.Builder<Statement.Case> cases = ImmutableList.builder();
    for (JsonNode element : fields.path("elem")) {
      if (isMap) {
        cases.add(RuleJson.element(element));
      } else {
        elements.add(RuleJson.setElement(element));
      }
    }
    return new NftSet(
        fields.path("name").asText(),
        types.build(),
        isMap,
        fields.path("timeout").asLong(),
        fields.path("comment").asText(""),
        elements.build(),
        cases.build());
  }

  private void addRule(JsonNode fields) {
    ImmutableList.Builder<Statement> statements = ImmutableList.builder();
    fields.path("expr").forEach(statement -> statements.add(RuleJson.statement(statement)));
    NftRule rule = new NftRule(statements.build(), fields.path("comment").asText(""));
    table(fields).add(fields.path("chain").asText(), rule, at);
  }
}
