package dev.packetpath.cli.ipvs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableSet;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where in a file of scenarios something stands, for errors about it.
 *
 * @param path the file, the scenario and the step
 */
record Place(String path) {
  static Place of(String file) {
    return new Place(file);
  }

  Place in(String what, String which) {
    return new Place(path + ": " + (what + " " + which).strip());
  }

  IllegalArgumentException error(String found, String expected) {
    return new IllegalArgumentException(path + ": found " + found + ", expected " + expected);
  }

  ObjectNode object(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw error(node.toString(), "an object");
  }

  /** Returns a field that must be there. */
  ObjectNode object(JsonNode parent, String field) {
    JsonNode value = parent.path(field);
    if (value instanceof ObjectNode object) {
      return object;
    }
    String found = value.isMissingNode() ? "no \"" + field + "\"" : "\"" + field + "\": " + value;
    throw error(found, "an object");
  }

  /** Returns the elements of a field that may be absent. */
  Iterable<JsonNode> array(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isArray() || value.isMissingNode()) {
      return value;
    }
    throw error("\"" + field + "\": " + value, "an array");
  }

  /** Complains of a field that is none of those known, as of one that is misspelt. */
  void only(ObjectNode object, ImmutableSet<String> known) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (!known.contains(entry.getKey())) {
        throw error("field \"" + entry.getKey() + "\"", "one of " + String.join(", ", known));
      }
    }
  }

  String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isValueNode() || value.isNull()) {
      throw error("no \"" + field + "\"", "a value for it");
    }
    return value.asText();
  }

  int number(JsonNode object, String field, int absent) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    return parse(object, field, Integer::parseInt);
  }

  /** Reads a field through a parser, and puts the parser's complaint at this place. */
  <T> T parse(JsonNode object, String field, Function<String, T> parser) {
    String text = text(object, field);
    return check(() -> parser.apply(text), "\"" + field + "\": \"" + text + "\"");
  }

  /** Does something that may complain of an argument, and puts the complaint at this place. */
  void run(Runnable action, String found) {
    check(
        () -> {
          action.run();
          return this;
        },
        found);
  }

  /** Returns something that may complain of an argument, and puts the complaint at this place. */
  <T> T check(Supplier<T> action, String found) {
    try {
      return action.get();
    } catch (IllegalArgumentException e) {
      throw error(found, "a valid value (" + e.getMessage() + ")");
    }
  }
}
