package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.SyntaxException;
import java.util.Optional;

/** A JSON value that knows where it stands, so that an error about it can say so. */
sealed interface JsonValue {
  /** Returns the place of its first character. */
  JsonPlace place();

  /** Returns the error that something else was expected here. */
  default SyntaxException error(String found, String expected) {
    return new SyntaxException(place().file(), place().line(), place().column(), found, expected);
  }

  /**
   * A string, number, boolean or null.
   *
   * @param place where it stands
   * @param text the string itself, or the literal
   */
  record Scalar(JsonPlace place, String text) implements JsonValue {}

  /**
   * An array.
   *
   * @param place where it stands
   * @param values what it holds
   */
  record Array(JsonPlace place, ImmutableList<JsonValue> values) implements JsonValue {}

  /**
   * An object.
   *
   * @param place where it stands
   * @param fields what it holds, by name
   */
  record Fields(JsonPlace place, ImmutableMap<String, JsonValue> fields) implements JsonValue {
    /** Returns whether the field is there, even as null. */
    boolean has(String name) {
      return fields.containsKey(name);
    }

    /** Returns a field's value, if it is there. */
    Optional<JsonValue> get(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    /** Returns a field's text, or {@code absent}. */
    String text(String name, String absent) {
      JsonValue value = fields.get(name);
      if (value == null) {
        return absent;
      }
      if (value instanceof Scalar scalar) {
        return scalar.text();
      }
      throw value.error("a list or object for \"" + name + "\"", "a string or number");
    }

    /** Returns the text of a field that must be there. */
    String text(String name) {
      if (!fields.containsKey(name)) {
        throw error("an object without \"" + name + "\"", "\"" + name + "\"");
      }
      return text(name, "");
    }

    /** Returns a field's number, decimal or behind {@code 0x}, or {@code absent}. */
    long number(String name, long min, long max, long absent) {
      JsonValue value = fields.get(name);
      if (value == null) {
        return absent;
      }
      String text = text(name, "");
      try {
        long number = Long.decode(text);
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // falls through to the error that names the range
      }
      throw value.error("\"" + name + "\": " + text, "a number from " + min + " to " + max);
    }

    /** Returns the objects of a field that is an array of objects; none if it is absent. */
    ImmutableList<Fields> objects(String name) {
      JsonValue value = fields.get(name);
      return value == null ? ImmutableList.of() : JsonText.objects(value);
    }
  }
}
