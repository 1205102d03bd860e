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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads tables of the families ip and ip6 from what {@code nft -j list ruleset} prints (schema 1).
 * What the model does not know is an error.
 */
public final class NftJsonReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Map<String, TableDraft> tables = new LinkedHashMap<>();

  private NftJsonReader() {}

  private static final class TableDraft {
    private final IpFamily family;
    private final String name;
    private final ImmutableList.Builder<NftSet> sets = ImmutableList.builder();
    private final Map<String, Optional<NftChain.Base>> chains = new LinkedHashMap<>();
    private final Map<String, List<NftRule>> rules = new LinkedHashMap<>();

    private TableDraft(IpFamily family, String name) {
      this.family = family;
      this.name = name;
    }

    private NftTable finish() {
      ImmutableList.Builder<NftChain> finished = ImmutableList.builder();
      chains.forEach(
          (chain, base) -> {
            ImmutableList<NftRule> all = ImmutableList.copyOf(rules.getOrDefault(chain, List.of()));
            finished.add(new NftChain(chain, base, () -> all));
          });
      return new NftTable(family, name, sets.build(), finished.build());
    }
  }

  /**
   * Returns the tables of a text.
   *
   * @param file what the text is called in errors
   * @throws SyntaxException at the first object that is no JSON, or that the model does not know
   * @throws IOException if the reader fails
   */
  public static ImmutableList<NftTable> read(String file, Reader text) throws IOException {
    NftJsonReader reader = new NftJsonReader();
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT
          || !"nftables".equals(parser.nextFieldName())
          || parser.nextToken() != JsonToken.START_ARRAY) {
        throw new SyntaxException(file, 1, 1, "another text", "{\"nftables\": [...]}");
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        JsonLocation at = parser.currentTokenLocation();
        JsonNode object = MAPPER.readTree(parser);
        try {
          reader.add(object);
        } catch (NftJsonException e) {
          throw new SyntaxException(
              file, at.getLineNr(), Math.max(1, at.getColumnNr()), e.found(), e.expected());
        }
      }
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new SyntaxException(
          file,
          at == null ? 1 : Math.max(1, at.getLineNr()),
          at == null ? 1 : Math.max(1, at.getColumnNr()),
          e.getOriginalMessage().lines().findFirst().orElse("an error"),
          "JSON");
    }
    return reader.tables.values().stream()
        .map(TableDraft::finish)
        .collect(ImmutableList.toImmutableList());
  }

  private void add(JsonNode object) {
    String kind = object.fieldNames().hasNext() ? object.fieldNames().next() : "";
    JsonNode fields = object.path(kind);
    switch (kind) {
      case "metainfo" -> {}
      case "table" -> addTable(fields);
      case "chain" -> addChain(fields);
      case "set" -> table(fields).sets.add(set(fields, false));
      case "map" -> table(fields).sets.add(set(fields, true));
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
    tables.put(key(fields, "name"), new TableDraft(known, fields.path("name").asText()));
  }

  private TableDraft table(JsonNode fields) {
    TableDraft table = tables.get(key(fields, "table"));
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
    table(fields).chains.put(fields.path("name").asText(), base);
  }

  private static NftSet set(JsonNode fields, boolean isMap) {
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
        elements.add(RuleJson.expression(element));
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
    table(fields)
        .rules
        .computeIfAbsent(fields.path("chain").asText(), chain -> new ArrayList<>())
        .add(new NftRule(statements.build(), fields.path("comment").asText("")));
  }
}
