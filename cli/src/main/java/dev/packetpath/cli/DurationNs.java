package dev.packetpath.cli;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A duration of an option, such as {@code 2ms} or {@code 350us}.
 *
 * @param ns nanoseconds, 0 or more
 */
record DurationNs(double ns) {
  static final DurationNs NONE = new DurationNs(0);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|ms|s)");
  private static final Map<String, Double> UNITS =
      Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9);

  /** Reads one. */
  static final class Converter implements ITypeConverter<DurationNs> {
    @Override
    public DurationNs convert(String text) {
      Matcher matcher = TEXT.matcher(text);
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "found \"" + text + "\", expected a duration such as 2ms, 350us or 0.5s");
      }
      return new DurationNs(
          Double.parseDouble(matcher.group(1)) * UNITS.getOrDefault(matcher.group(2), 0.0));
    }
  }
}
