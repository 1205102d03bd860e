package dev.packetpath.node.cost;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.RuleCost;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a profile's YAML. */
final class ProfileReader {
  private static final String EMPTY = "an empty text";

  private final YamlMap all;
  private final Optional<Profile> base;

  private ProfileReader(YamlMap all) {
    this.all = all;
    this.base = base(all);
  }

  static Profile read(String file, Reader text) throws IOException {
    return new ProfileReader(new YamlMap(file, root(file, text))).profile();
  }

  private static Node root(String file, Reader text) throws IOException {
    Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    try {
      Node root = yaml.compose(text);
      if (root == null) {
        throw new SyntaxException(file, 1, 1, EMPTY, "a cost profile");
      }
      return root;
    } catch (MarkedYAMLException e) {
      Mark at = e.getProblemMark();
      throw new SyntaxException(
          file,
          at == null ? 1 : at.getLine() + 1,
          at == null ? 1 : at.getColumn() + 1,
          "broken text (" + e.getProblem() + ")",
          "YAML");
    } catch (YAMLException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new SyntaxException(file, 1, 1, String.valueOf(e.getMessage()), "YAML");
    }
  }

  private static Optional<Profile> base(YamlMap all) {
    if (!all.has("base")) {
      return Optional.empty();
    }
    String name = all.text("base");
    if (!Profiles.names().contains(name)) {
      throw all.place("base")
          .error("profile \"" + name + "\"", "one of " + String.join(", ", Profiles.names()));
    }
    return Optional.of(Profiles.shipped(name));
  }

  private Profile profile() {
    all.only("name", "about", "machine", "kernel", "base", "rules", "costs", "sync", "lab");
    return new Profile(
        all.text("name"),
        all.text("about"),
        all.text("machine"),
        all.text("kernel"),
        new CostModel(rules(), costs("costs", base.map(of -> of.costs().operations()))),
        costs("sync", all.has("sync") ? Optional.empty() : base.map(Profile::sync)),
        lab());
  }

  private RuleCost rules() {
    if (base.isPresent() && !all.has("rules")) {
      return base.get().costs().rules();
    }
    YamlMap rules = all.map("rules").only("inCacheNs", "levels", "rise", "how", "source");
    List<RuleCost.Level> levels = new ArrayList<>();
    for (YamlMap level : rules.has("levels") ? rules.maps("levels") : ImmutableList.<YamlMap>of()) {
      level.only("bytes", "ns");
      long bytes = (long) level.number("bytes", 1);
      if (!levels.isEmpty() && levels.get(levels.size() - 1).bytes() >= bytes) {
        throw level.place("bytes").error(bytes + " bytes", "more than at the level before");
      }
      levels.add(new RuleCost.Level(bytes, level.number("ns", 0)));
    }
    return new RuleCost(
        rules.number("inCacheNs", 0),
        ImmutableList.copyOf(levels),
        rise(rules),
        rules.provenance(),
        rules.text("source"));
  }

  private static RuleCost.Rise rise(YamlMap rules) {
    String rise = rules.text("rise", "line");
    return switch (rise) {
      case "line" -> RuleCost.Rise.LINE;
      case "share" -> RuleCost.Rise.SHARE;
      default -> throw rules.place("rise").error("rise \"" + rise + "\"", "line or share");
    };
  }

  private ImmutableSortedMap<String, OperationCost> costs(
      String part, Optional<ImmutableSortedMap<String, OperationCost>> inherited) {
    Map<String, OperationCost> costs = new TreeMap<>(inherited.orElseGet(ImmutableSortedMap::of));
    if (all.has(part)) {
      YamlMap operations = all.map(part);
      for (String name : operations.names()) {
        YamlMap cost = operations.map(name).only("ns", "how", "source");
        costs.put(
            name,
            new OperationCost(name, cost.number("ns", 0), cost.provenance(), cost.text("source")));
      }
    } else if (inherited.isEmpty() && part.equals("costs")) {
      throw all.place().error("no costs", "costs, or a base to take them from");
    }
    return ImmutableSortedMap.copyOf(costs);
  }

  private Lab lab() {
    if (!all.has("lab")) {
      return new Lab(all.place(), ImmutableList.of());
    }
    YamlMap lab = all.map("lab");
    List<Parameter> parameters = new ArrayList<>();
    for (String name : lab.names()) {
      YamlMap parameter = lab.map(name).only("value", "unit", "how", "source");
      parameters.add(
          new Parameter(
              name,
              parameter.number("value", Double.NEGATIVE_INFINITY),
              parameter.text("unit", ""),
              parameter.provenance(),
              parameter.text("source"),
              parameter.place("value")));
    }
    return new Lab(lab.place(), parameters);
  }
}
