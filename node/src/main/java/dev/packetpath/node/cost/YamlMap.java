package dev.packetpath.node.cost;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Place;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.cost.Provenance;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A mapping of a YAML text whose errors name the place. */
final class YamlMap {
  private static final String PROVENANCES =
      Arrays.stream(Provenance.values())
          .map(provenance -> provenance.name().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));

  private final String file;
  private final Node node;
  private final Map<String, Node> values = new LinkedHashMap<>();

  /** Reads the keys of a mapping. */
  YamlMap(String file, Node node) {
    this.file = file;
    this.node = node;
    if (!(node instanceof MappingNode mapping)) {
      throw error(node, found(node), "a mapping");
    }
    for (NodeTuple entry : mapping.getValue()) {
      String key = textOf(entry.getKeyNode(), "a name");
      if (values.put(key, entry.getValueNode()) != null) {
        throw error(entry.getKeyNode(), key + " a second time", "each name once");
      }
    }
  }

  /** Checks that there are no other names. */
  YamlMap only(String... names) {
    ImmutableSet<String> known = ImmutableSet.copyOf(names);
    MappingNode mapping = (MappingNode) node;
    for (NodeTuple entry : mapping.getValue()) {
      if (!known.contains(textOf(entry.getKeyNode(), "a name"))) {
        throw error(
            entry.getKeyNode(), found(entry.getKeyNode()), "one of " + String.join(", ", known));
      }
    }
    return this;
  }

  ImmutableSet<String> names() {
    return ImmutableSet.copyOf(values.keySet());
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) {
    return textOf(value(name), "a text");
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  double number(String name, double least) {
    Node value = value(name);
    String text = textOf(value, "a number");
    Optional<Double> number = parsed(text);
    if (number.isEmpty() || !(number.get() >= least && number.get() < Double.POSITIVE_INFINITY)) {
      throw error(
          value,
          name + " " + text,
          least == Double.NEGATIVE_INFINITY ? "a number" : "a number of " + least + " or more");
    }
    return number.get();
  }

  private static Optional<Double> parsed(String text) {
    try {
      return Optional.of(Double.parseDouble(text.replace("_", "")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  Provenance provenance() {
    Node value = value("how");
    String text = textOf(value, PROVENANCES);
    for (Provenance provenance : Provenance.values()) {
      if (provenance.name().toLowerCase(Locale.ROOT).equals(text)) {
        return provenance;
      }
    }
    throw error(value, "\"" + text + "\"", PROVENANCES);
  }

  YamlMap map(String name) {
    return new YamlMap(file, value(name));
  }

  ImmutableList<YamlMap> maps(String name) {
    Node value = value(name);
    if (!(value instanceof SequenceNode sequence)) {
      throw error(value, found(value), "a list");
    }
    List<Node> items = sequence.getValue();
    return items.stream()
        .map(item -> new YamlMap(file, item))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns where this mapping stands. */
  Place place() {
    return place(node);
  }

  /** Returns where a value stands. */
  Place place(String name) {
    return place(value(name));
  }

  private Place place(Node at) {
    Mark mark = at.getStartMark();
    return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private Node value(String name) {
    Node value = values.get(name);
    if (value == null) {
      throw error(node, "no \"" + name + "\"", "it here");
    }
    return value;
  }

  private String textOf(Node value, String expected) {
    if (value instanceof ScalarNode scalar) {
      return scalar.getValue().strip();
    }
    throw error(value, found(value), expected);
  }

  private static String found(Node value) {
    if (value instanceof ScalarNode scalar) {
      return "\"" + scalar.getValue().strip() + "\"";
    }
    return value instanceof SequenceNode ? "a list" : "a mapping";
  }

  private SyntaxException error(Node at, String found, String expected) {
    return place(at).error(found, expected);
  }
}
