package dev.packetpath.kubernetes.manifest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.packetpath.core.SyntaxException;
import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.List;
import java.util.function.Consumer;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads the objects of manifests one by one: YAML of several documents, or JSON; each an object or
 * a List of objects.
 */
final class ManifestReader {
  static final ObjectMapper MAPPER = mapper();

  private static final String LIST = "List";

  private final String file;
  private final JsonParser parser;
  private final Consumer<ManifestObject> objects;

  private ManifestReader(String file, JsonParser parser, Consumer<ManifestObject> objects) {
    this.file = file;
    this.parser = parser;
    this.objects = objects;
  }

  /** Returns a mapper that takes no text for a number and no number for a text. */
  private static ObjectMapper mapper() {
    JsonMapper mapper =
        JsonMapper.builder()
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .withCoercionConfig(
                LogicalType.Textual,
                text -> {
                  for (CoercionInputShape shape :
                      List.of(
                          CoercionInputShape.Integer,
                          CoercionInputShape.Float,
                          CoercionInputShape.Boolean)) {
                    text.setCoercion(shape, CoercionAction.Fail);
                  }
                })
            .build();
    return mapper;
  }

  /**
   * Hands over the objects of a text.
   *
   * @param file what the text is called in errors
   * @throws SyntaxException at the first place that is no YAML or JSON, or no object
   * @throws IOException if the reader fails
   */
  static void read(String file, Reader text, Consumer<ManifestObject> objects) throws IOException {
    StringBuilder ahead = new StringBuilder();
    int first = text.read();
    while (first >= 0 && Character.isWhitespace(first)) {
      ahead.append((char) first);
      first = text.read();
    }
    if (first < 0) {
      throw new SyntaxException(file, 1, 1, "an empty text", "manifests as YAML or JSON");
    }
    ahead.append((char) first);
    PushbackReader start = new PushbackReader(text, ahead.length());
    start.unread(ahead.toString().toCharArray());
    try (JsonParser parser =
        first == '{' ? MAPPER.getFactory().createParser(start) : yaml().createParser(start)) {
      parser.setCodec(MAPPER);
      new ManifestReader(file, parser, objects).documents();
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new SyntaxException(
          file,
          at == null ? 1 : Math.max(1, at.getLineNr()),
          at == null ? 1 : Math.max(1, at.getColumnNr()),
          e.getOriginalMessage().lines().findFirst().orElse("an error"),
          "YAML or JSON");
    }
  }

  private static YAMLFactory yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    return YAMLFactory.builder().loaderOptions(options).build();
  }

  private void documents() throws IOException {
    int document = 0;
    boolean empty = true;
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      document++;
      if (token == JsonToken.VALUE_NULL || (token.isScalarValue() && parser.getText().isBlank())) {
        continue;
      }
      if (token != JsonToken.START_OBJECT) {
        throw error("document " + document, parser.getText(), "an object");
      }
      document("document " + document);
      empty = false;
    }
    if (empty) {
      throw new SyntaxException(file, 1, 1, "no object", "manifests as YAML or JSON");
    }
  }

  private void document(String place) throws IOException {
    JsonLocation start = parser.currentTokenLocation();
    ObjectNode content = MAPPER.createObjectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      if (content.has(field)) {
        throw error(place, "\"" + field + "\" again", "each field once");
      }
      JsonToken value = parser.nextToken();
      if (field.equals("items") && value == JsonToken.START_ARRAY) {
        items(place, listed(content.path("kind").asText("")));
        content.putArray(field);
      } else {
        content.set(field, MAPPER.<JsonNode>readTree(parser));
      }
    }
    JsonNode items = content.path("items");
    String kind = content.path("kind").asText("");
    boolean isList = items.isMissingNode() ? kind.equals(LIST) : kind.endsWith(LIST);
    if (isList && !items.isArray() && !items.isNull()) {
      throw new SyntaxException(
          file,
          Math.max(1, start.getLineNr()),
          Math.max(1, start.getColumnNr()),
          (items.isMissingNode() ? "nothing" : items) + " at items (" + place + ")",
          "a list");
    }
    if (!content.has("items")) {
      hand(place, start, content);
    }
  }

  /** Returns the kind of the objects of a typed list such as a ServiceList, which leave it out. */
  private static String listed(String kind) {
    return kind.endsWith(LIST) ? kind.substring(0, kind.length() - LIST.length()) : "";
  }

  private void items(String place, String kind) throws IOException {
    int index = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String item = place + ", items[" + index + "]";
      JsonLocation start = parser.currentTokenLocation();
      JsonNode content = MAPPER.readTree(parser);
      if (!content.isObject()) {
        throw error(item, content.toString(), "an object");
      }
      if (!content.has("kind") && !kind.isEmpty()) {
        ((ObjectNode) content).put("kind", kind);
      }
      hand(item, start, content);
      index++;
    }
  }

  private void hand(String place, JsonLocation start, JsonNode content) {
    ManifestObject object =
        new ManifestObject(
            file, Math.max(1, start.getLineNr()), Math.max(1, start.getColumnNr()), place, content);
    if (object.kind().isEmpty()) {
      throw object.error("kind", content.path("kind"), "such as Service");
    }
    objects.accept(object);
  }

  private SyntaxException error(String place, String found, String expected) {
    JsonLocation at = parser.currentTokenLocation();
    return new SyntaxException(
        file,
        Math.max(1, at.getLineNr()),
        Math.max(1, at.getColumnNr()),
        place + ": " + found,
        expected);
  }
}
