package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * How a match or a target is written: its name, its options, and the reader that makes the record
 * of them.
 *
 * @param <T> what it is read into
 */
public final class ExtensionSyntax<T> {
  private final String name;
  private final ImmutableSet<IpFamily> families;
  private final ImmutableMap<String, OptionSpec> options;
  private final Function<OptionValues, T> reader;

  private ExtensionSyntax(Builder<T> builder, Function<OptionValues, T> reader) {
    this.name = builder.name;
    this.families = builder.families;
    ImmutableMap.Builder<String, OptionSpec> byName = ImmutableMap.builder();
    for (OptionSpec option : builder.options) {
      option.names().forEach(optionName -> byName.put(optionName, option));
    }
    this.options = byName.buildOrThrow();
    this.reader = reader;
  }

  /** Returns a builder of the syntax of an extension of both families, without options yet. */
  public static <T> Builder<T> named(String name) {
    return new Builder<>(name);
  }

  /** Returns the name behind {@code -m} or {@code -j}. */
  public String name() {
    return name;
  }

  /** Returns whether the extension exists for a family. */
  public boolean supports(IpFamily family) {
    return families.contains(family);
  }

  /** Returns the options by each of their names. */
  public ImmutableMap<String, OptionSpec> options() {
    return options;
  }

  /** Makes the record. */
  public T read(OptionValues values) {
    return reader.apply(values);
  }

  /**
   * Builds an {@link ExtensionSyntax}.
   *
   * @param <T> what it is read into
   */
  public static final class Builder<T> {
    private final String name;
    private final List<OptionSpec> options = new ArrayList<>();
    private ImmutableSet<IpFamily> families = Sets.immutableEnumSet(IpFamily.IPV4, IpFamily.IPV6);

    private Builder(String name) {
      this.name = name;
    }

    /** Limits the extension to one family. */
    public Builder<T> only(IpFamily family) {
      this.families = ImmutableSet.of(family);
      return this;
    }

    /** Adds an option. */
    public Builder<T> option(OptionSpec option) {
      options.add(option);
      return this;
    }

    /** Returns the syntax; {@code reader} makes the record of the options given. */
    public ExtensionSyntax<T> readBy(Function<OptionValues, T> reader) {
      return new ExtensionSyntax<>(this, reader);
    }
  }
}
