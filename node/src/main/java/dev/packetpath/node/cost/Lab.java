package dev.packetpath.node.cost;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.Place;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The figures of a laboratory, by name. Whoever needs one asks for it with its unit and range; an
 * error names the place in the profile. Immutable.
 */
public final class Lab {
  private static final ImmutableMap<String, Double> NANOSECONDS =
      ImmutableMap.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);

  private final Place place;
  private final ImmutableMap<String, Parameter> parameters;

  /**
   * Creates a laboratory.
   *
   * @param place where errors say that a parameter is missing
   * @param parameters the figures, in order
   */
  public Lab(Place place, Iterable<Parameter> parameters) {
    this.place = place;
    ImmutableMap.Builder<String, Parameter> byName = ImmutableMap.builder();
    parameters.forEach(parameter -> byName.put(parameter.name(), parameter));
    this.parameters = byName.buildOrThrow();
  }

  /** Returns the figures by name, in order. */
  public ImmutableMap<String, Parameter> parameters() {
    return parameters;
  }

  /** Returns whether there is such a figure. */
  public boolean has(String name) {
    return parameters.containsKey(name);
  }

  /**
   * Returns a figure.
   *
   * @throws dev.packetpath.core.SyntaxException if there is none of this name
   */
  public Parameter parameter(String name) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw place.error("no parameter " + name, "lab." + name);
    }
    return parameter;
  }

  /**
   * Returns a duration of 0 or more in nanoseconds, written in ns, us, ms or s.
   *
   * @throws dev.packetpath.core.SyntaxException if there is none, or in another unit or range
   */
  public double nanoseconds(String name) {
    return nanoseconds(name, 0);
  }

  /**
   * Returns a duration in nanoseconds, written in ns, us, ms or s.
   *
   * @param least the shortest that is taken, nanoseconds
   * @throws dev.packetpath.core.SyntaxException if there is none, or in another unit or range
   */
  public double nanoseconds(String name, double least) {
    Parameter parameter = parameter(name);
    Double factor = NANOSECONDS.get(parameter.unit());
    if (factor == null) {
      throw parameter
          .place()
          .error(name + " in \"" + parameter.unit() + "\"", "a duration in ns, us, ms or s");
    }
    return checked(parameter, least / factor, Double.MAX_VALUE) * factor;
  }

  /**
   * Returns a figure without a unit.
   *
   * @throws dev.packetpath.core.SyntaxException if there is none, or with a unit or outside of the
   *     range
   */
  public double number(String name, double least, double most) {
    return inUnit(name, "", least, most);
  }

  /**
   * Returns a figure in a unit.
   *
   * @throws dev.packetpath.core.SyntaxException if there is none, or in another unit or range
   */
  public double inUnit(String name, String unit, double least, double most) {
    Parameter parameter = parameter(name);
    if (!parameter.unit().equals(unit)) {
      throw parameter
          .place()
          .error(
              name + " in \"" + parameter.unit() + "\"",
              unit.isEmpty() ? "a number without a unit" : "unit " + unit);
    }
    return checked(parameter, least, most);
  }

  private static double checked(Parameter parameter, double least, double most) {
    double value = parameter.value();
    if (!(value >= least && value <= most)) {
      throw parameter
          .place()
          .error(
              parameter.name() + " " + value,
              most == Double.MAX_VALUE
                  ? least + " or more"
                  : "a number from " + least + " to " + most);
    }
    return value;
  }

  /**
   * Returns the laboratory with another value of a figure.
   *
   * @throws dev.packetpath.core.SyntaxException if there is none of this name
   */
  public Lab with(String name, double value) {
    Map<String, Parameter> others = new LinkedHashMap<>(parameters);
    others.put(name, parameter(name).withValue(value));
    return new Lab(place, others.values());
  }

  /**
   * Returns the laboratory with a duration that is longer.
   *
   * @param name its name
   * @param ns by how many nanoseconds
   * @throws dev.packetpath.core.SyntaxException if there is none of this name, or no duration
   */
  public Lab withLonger(String name, double ns) {
    double whole = nanoseconds(name) + ns;
    return with(name, whole / NANOSECONDS.getOrDefault(parameter(name).unit(), 1.0));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lab lab && parameters.equals(lab.parameters);
  }

  @Override
  public int hashCode() {
    return parameters.hashCode();
  }

  @Override
  public String toString() {
    return parameters.toString();
  }
}
