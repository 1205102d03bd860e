package dev.packetpath.kubernetes.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.SyntaxException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One object of a manifest, with what an error about it must say.
 *
 * @param file what the text is called
 * @param line where the object starts
 * @param column where the object starts
 * @param place which object of the text it is
 * @param content the object
 */
record ManifestObject(String file, int line, int column, String place, JsonNode content) {
  private static final ImmutableMap<Class<?>, String> EXPECTED =
      ImmutableMap.of(
          Integer.class, "a whole number",
          Long.class, "a whole number",
          Boolean.class, "true or false",
          String.class, "a text");

  private static final Pattern SUBDOMAIN =
      Pattern.compile(Fields.LABEL + "(\\." + Fields.LABEL + ")*+");

  private static final int MAX_SUBDOMAIN = 253;

  /** Which group is meant where a manifest names none. */
  private static final ImmutableMap<String, String> USUAL_GROUPS =
      ImmutableMap.of(
          "EndpointSlice", "discovery.k8s.io",
          "NetworkPolicy", "networking.k8s.io");

  String kind() {
    return content.path("kind").asText("");
  }

  /** Returns the API group, empty for the core group. */
  String group() {
    String version = content.path("apiVersion").asText("");
    int slash = version.indexOf('/');
    if (slash >= 0) {
      return version.substring(0, slash);
    }
    return version.isEmpty() ? USUAL_GROUPS.getOrDefault(kind(), "") : "";
  }

  String namespace() {
    return content.path("metadata").path("namespace").asText("default");
  }

  String name() {
    return content.path("metadata").path("name").asText("");
  }

  /** Returns how messages call the object. */
  String title() {
    return kind() + " " + (isOfCluster() ? "" : plain(namespace()) + "/") + plain(name());
  }

  private boolean isOfCluster() {
    return kind().equals("Node") || kind().equals("Namespace");
  }

  /** Returns a text in quotation marks that fits into a line. */
  static String quoted(String text) {
    return "\"" + plain(text) + "\"";
  }

  private static String plain(String text) {
    return CharMatcher.javaIsoControl().replaceFrom(text, '?');
  }

  /** Returns the error that something else was expected at a path of the object. */
  SyntaxException error(String path, Object found, String expected) {
    return new SyntaxException(
        file,
        line,
        column,
        found + " at " + path + " of " + title() + " (" + place + ")",
        expected);
  }

  /** Returns the object as one of the library's types. */
  <T extends HasMetadata> T as(Class<T> type) {
    T object;
    try {
      object = ManifestReader.MAPPER.treeToValue(content, type);
    } catch (JsonMappingException e) {
      throw mismatch(e);
    } catch (JsonProcessingException e) {
      throw error("", e.getOriginalMessage(), "a " + type.getSimpleName());
    }
    ObjectMeta metadata = object.getMetadata();
    if (metadata == null || metadata.getName() == null || metadata.getName().isEmpty()) {
      throw error("metadata.name", "nothing", "a name");
    }
    boolean isLabel = kind().equals("Service") || kind().equals("Namespace");
    if (isLabel) {
      Fields.checkLabel(this, "metadata.name", name());
    } else if (name().length() > MAX_SUBDOMAIN || !SUBDOMAIN.matcher(name()).matches()) {
      throw error("metadata.name", quoted(name()), "lower-case letters, digits, - and .");
    }
    if (!isOfCluster()) {
      Fields.checkLabel(this, "metadata.namespace", namespace());
    }
    return object;
  }

  private SyntaxException mismatch(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    JsonNode found = content;
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
        found = found.path(step.getIndex());
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
        found = found.path(step.getFieldName());
      }
    }
    Class<?> type =
        e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null
            ? mismatch.getTargetType()
            : Void.class;
    String expected =
        type == Void.class
            ? "another value"
            : List.class.isAssignableFrom(type)
                ? "a list"
                : Objects.requireNonNull(EXPECTED.getOrDefault(type, "an object"));
    return error(path.toString(), found, expected);
  }

  /** Returns the labels of an object, none if it has none. */
  static Map<String, String> labels(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels == null ? Map.of() : labels;
  }
}
