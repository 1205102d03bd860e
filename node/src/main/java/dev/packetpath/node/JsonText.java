package dev.packetpath.node;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.SyntaxException;
import java.io.IOException;
import java.io.Reader;

/** Reads JSON into values that know their place. */
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final String file;
  private final int lineOffset;
  private final JsonParser parser;

  private JsonText(String file, int lineOffset, JsonParser parser) {
    this.file = file;
    this.lineOffset = lineOffset;
    this.parser = parser;
  }

  /**
   * Returns the one value of a text.
   *
   * @throws SyntaxException if the text is not JSON
   * @throws IOException if the reader fails
   */
  static JsonValue read(String file, Reader text) throws IOException {
    return read(file, 0, text);
  }

  /** Returns the one value of a text that starts {@code lineOffset} lines into its file. */
  static JsonValue read(String file, int lineOffset, Reader text) throws IOException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonText json = new JsonText(file, lineOffset, parser);
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new SyntaxException(file, lineOffset + 1, 1, "an empty text", "JSON");
      }
      JsonValue value = json.value(first);
      if (parser.nextToken() != null) {
        JsonPlace place = json.place();
        throw new SyntaxException(
            file, place.line(), place.column(), "more behind the value", "the end of the text");
      }
      return value;
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new SyntaxException(
          file,
          lineOffset + (at == null ? 1 : at.getLineNr()),
          at == null ? 1 : Math.max(1, at.getColumnNr()),
          complaint(e),
          "JSON");
    }
  }

  /** Returns the objects of an array. */
  static ImmutableList<JsonValue.Fields> objects(JsonValue value) {
    if (!(value instanceof JsonValue.Array array)) {
      throw value.error("no array", "an array of objects");
    }
    ImmutableList.Builder<JsonValue.Fields> objects = ImmutableList.builder();
    for (JsonValue element : array.values()) {
      if (!(element instanceof JsonValue.Fields fields)) {
        throw element.error("no object", "an object");
      }
      objects.add(fields);
    }
    return objects.build();
  }

  /** Returns the parser's first line, without its word on where the value started. */
  private static String complaint(JsonProcessingException e) {
    String first = e.getOriginalMessage().lines().findFirst().orElse("an error");
    int source = first.indexOf(" (start marker at ");
    return source < 0 ? first : first.substring(0, source);
  }

  private JsonPlace place() {
    JsonLocation at = parser.currentTokenLocation();
    return new JsonPlace(file, lineOffset + at.getLineNr(), Math.max(1, at.getColumnNr()));
  }

  private JsonValue value(JsonToken token) throws IOException {
    JsonPlace place = place();
    switch (token) {
      case START_OBJECT -> {
        ImmutableMap.Builder<String, JsonValue> fields = ImmutableMap.builder();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          fields.put(name, value(parser.nextToken()));
        }
        return new JsonValue.Fields(place, fields.buildKeepingLast());
      }
      case START_ARRAY -> {
        ImmutableList.Builder<JsonValue> values = ImmutableList.builder();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          values.add(value(next));
        }
        return new JsonValue.Array(place, values.build());
      }
      default -> {
        return new JsonValue.Scalar(place, parser.getText());
      }
    }
  }
}
