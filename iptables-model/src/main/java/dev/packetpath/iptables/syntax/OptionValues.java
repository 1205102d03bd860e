package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.ProtocolNames;
import dev.packetpath.iptables.HeaderMatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The options that one match or target of one rule was given, for its reader. Every error names the
 * place of the word that is wrong.
 */
public final class OptionValues {
  private final RuleSource source;
  private final IpFamily family;
  private final SharedValues shared;
  private final String extension;
  private final int column;
  private List<Given> given = List.of();

  OptionValues(
      RuleSource source, IpFamily family, SharedValues shared, String extension, int column) {
    this.source = source;
    this.family = family;
    this.shared = shared;
    this.extension = extension;
    this.column = column;
  }

  /**
   * An option as it was given.
   *
   * @param option which
   * @param inverted whether {@code !} stood before it
   * @param values the words behind it
   * @param column where its first value, or else the option itself, stands
   * @param protocol the protocol that {@code -p} before it asked for, inverted or not, {@link
   *     HeaderMatch#ANY_PROTOCOL} for none: extensions that want one look no further
   */
  public record Given(
      OptionSpec option, boolean inverted, ImmutableList<String> values, int column, int protocol) {
    /** Returns the first word behind it. */
    public String value() {
      return values.get(0);
    }
  }

  void add(Given option) {
    if (find(option.option().name()) != null) {
      throw source.error(
          option.column(), "a second " + option.option().name(), "it at most once in " + extension);
    }
    given = with(option);
  }

  /** Mostly there are one or two, for which an ArrayList takes twice the space. */
  private List<Given> with(Given option) {
    return switch (given.size()) {
      case 0 -> List.of(option);
      case 1 -> List.of(given.get(0), option);
      default -> ImmutableList.<Given>builder().addAll(given).add(option).build();
    };
  }

  /** Returns the family of the table. */
  public IpFamily family() {
    return family;
  }

  /** Returns all options in the order given. */
  public List<Given> all() {
    return given;
  }

  /** Returns whether the option was given. */
  public boolean has(String name) {
    return find(name) != null;
  }

  /** Returns whether the option was given behind {@code !}. */
  public boolean inverted(String name) {
    Given option = find(name);
    return option != null && option.inverted();
  }

  /** Returns an option, if it was given. */
  public Optional<Given> get(String name) {
    return Optional.ofNullable(find(name));
  }

  /**
   * Returns an option that must be there.
   *
   * @throws SyntaxException if it was not given
   */
  public Given require(String name) {
    Given option = find(name);
    if (option == null) {
      throw missing(name);
    }
    return option;
  }

  /**
   * Returns the one option given of several that exclude each other.
   *
   * @throws SyntaxException if none or more than one was given
   */
  public Given exactlyOne(String... names) {
    List<Given> found = atMostOne(names);
    if (found.isEmpty()) {
      throw missing("one of " + String.join(", ", names));
    }
    return found.get(0);
  }

  /**
   * Returns those given of several options that exclude each other: one or none.
   *
   * @throws SyntaxException if more than one was given
   */
  public List<Given> atMostOne(String... names) {
    Given found = null;
    for (Given option : given) {
      if (!isOneOf(names, option.option().name())) {
        continue;
      }
      if (found != null) {
        throw error(
            option, option.option().name() + " beside " + found.option().name(), "one of the two");
      }
      found = option;
    }
    return found == null ? List.of() : List.of(found);
  }

  private static boolean isOneOf(String[] names, String name) {
    for (String each : names) {
      if (each.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the value of an option, or {@code absent}. */
  public String value(String name, String absent) {
    Given option = find(name);
    return option == null || option.values().isEmpty() ? absent : option.value();
  }

  /** Returns the number that an option was given, or {@code absent}. */
  public long number(String name, long min, long max, long absent) {
    Given option = find(name);
    return option == null || option.values().isEmpty()
        ? absent
        : number(option, option.value(), min, max);
  }

  /**
   * Returns the number that a word of an option holds: decimal, hexadecimal behind {@code 0x},
   * octal behind {@code 0}.
   *
   * @throws SyntaxException if it is none, or out of range
   */
  public long number(Given option, String text, long min, long max) {
    return number(option, text, min, max, "a number " + min + " to " + max);
  }

  private long number(Given option, String text, long min, long max, String expected) {
    long value = Numbers.parse(text);
    if (value < min || value > max) {
      throw error(option, "\"" + text + "\"", expected);
    }
    return value;
  }

  /**
   * Returns the protocol that an option names, by number or by a name in its right case; of mptcp
   * the lower byte, which is that of tcp (xtoptions.c, xtopt_parse_protocol).
   *
   * @throws SyntaxException if it is none
   */
  public int protocol(Given option) {
    String text = option.value();
    OptionalInt named = ProtocolNames.exactNumberOf(text);
    if (named.isEmpty()) {
      named = ProtocolNames.ownNumberOf(text);
    }
    if (named.isPresent()) {
      return named.getAsInt() & 0xff;
    }
    return (int) number(option, text, 0, 255, "a protocol name or a number 0 to 255");
  }

  /**
   * Returns the unsigned number of 64 bits that a word of an option holds.
   *
   * @throws SyntaxException if it is none, or out of range
   */
  public long unsignedLong(Given option, String text) {
    long value = Numbers.parse(text);
    if (value >= 0) {
      return value;
    }
    boolean hexadecimal = text.startsWith("0x");
    int radix = hexadecimal ? 16 : text.startsWith("0") ? 8 : 10;
    try {
      return Long.parseUnsignedLong(hexadecimal ? text.substring(2) : text, radix);
    } catch (NumberFormatException e) {
      throw error(option, "\"" + text + "\"", "a number 0 to 18446744073709551615");
    }
  }

  /**
   * Returns an address of the rule's family; an IPv4 one may have less than four parts, which zeros
   * complete: {@code 10.1} is 10.1.0.0.
   */
  public IpAddress completedAddress(Given option, String text) {
    IpAddress completed = family == IpFamily.IPV4 ? HostText.completedIpv4(text) : null;
    return completed == null ? address(option, text) : shared.share(completed);
  }

  /**
   * Returns an address of the rule's family; the last part of an IPv4 one may stand for several, as
   * inet_aton has it: {@code 10.1} is 10.0.0.1.
   */
  public IpAddress host(Given option, String text) {
    IpAddress host = family == IpFamily.IPV4 ? HostText.host(text) : null;
    return host == null ? address(option, text) : shared.share(host);
  }

  /**
   * Returns the address of the table's family that a word of an option holds; the parts of an IPv4
   * one have no leading zeros, as inet_pton wants them.
   */
  public IpAddress address(Given option, String text) {
    long plain = family == IpFamily.IPV4 ? HostText.plainIpv4(text, text.length()) : -1;
    if (plain >= 0) {
      return shared.share(IpAddress.ipv4((int) plain));
    }
    if (family == IpFamily.IPV6 && IpAddress.isAddress(text)) {
      IpAddress address = IpAddress.parse(text);
      if (address.family() == family) {
        return shared.share(address);
      }
    }
    throw error(
        option,
        "\"" + text + "\"",
        family == IpFamily.IPV4 ? "an IPv4 address" : "an IPv6 address");
  }

  /** Returns an error at an option's value. */
  public SyntaxException error(Given option, String found, String expected) {
    return source.error(option.column(), found, expected + " for " + option.option().name());
  }

  /** Returns the error that something this extension needs was not given. */
  public SyntaxException missing(String expected) {
    return source.error(column, extension + " without " + expected, expected);
  }

  /** Returns an error about the extension as a whole. */
  public SyntaxException error(String found, String expected) {
    return source.error(column, found, expected);
  }

  private @org.jspecify.annotations.Nullable Given find(String name) {
    for (int i = 0; i < given.size(); i++) {
      if (given.get(i).option().name().equals(name)) {
        return given.get(i);
      }
    }
    return null;
  }
}
