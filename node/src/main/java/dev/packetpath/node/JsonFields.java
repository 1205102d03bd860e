package dev.packetpath.node;

import java.util.function.Function;

/**
 * Reads a field through a parser of the core, and puts the parser's complaint at the field's place.
 */
final class JsonFields {
  private JsonFields() {}

  static <T> T parse(JsonValue.Fields fields, String name, Function<String, T> parser) {
    String text = fields.text(name);
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw fields
          .get(name)
          .orElse(fields)
          .error("\"" + name + "\": \"" + text + "\"", "a valid value (" + e.getMessage() + ")");
    }
  }
}
