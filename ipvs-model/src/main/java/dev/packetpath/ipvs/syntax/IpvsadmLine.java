package dev.packetpath.ipvs.syntax;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.syntax.Endpoints.Endpoint;
import dev.packetpath.ipvs.syntax.IpvsadmWords.Written;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One line of ipvsadm: its command, and its options with their values and places. */
final class IpvsadmLine {
  private static final ImmutableSet<String> WITHOUT_SERVICES =
      ImmutableSet.of(
          "-R",
          "--restore",
          "-S",
          "--save",
          "-L",
          "-l",
          "--list",
          "-h",
          "--help",
          "-v",
          "--version",
          "--set");

  private static final ImmutableSet<String> OF_DAEMON =
      ImmutableSet.of("--start-daemon", "--stop-daemon");

  /** A value and where it stands. */
  record Argument(String text, int column) {}

  private final String file;
  private final int number;
  private final int length;
  private final IpvsadmCommand command;
  private final Map<IpvsadmOption, Argument> options = new EnumMap<>(IpvsadmOption.class);
  private IpvsadmOption keyOption = IpvsadmOption.TCP;
  private ServiceKey key = new ServiceKey.Virtual(IpProtocol.TCP, IpAddress.ANY_V4, 0);

  private IpvsadmLine(String file, int number, String text) {
    this.file = file;
    this.number = number;
    this.length = text.length();
    List<Written> written = words(text);
    this.command = written.isEmpty() ? IpvsadmCommand.ZERO : command(written.get(0));
    written.stream().skip(1).forEach(this::add);
    readKey();
  }

  /**
   * Reads a line. One that holds nothing but the tool's name zeroes counters, as it changes none.
   *
   * @throws SyntaxException at what ipvsadm would not take
   */
  static IpvsadmLine read(String file, int number, String text) {
    return new IpvsadmLine(file, number, text);
  }

  private List<Written> words(String text) {
    try {
      return IpvsadmWords.of(text);
    } catch (IpvsadmWords.Complaint e) {
      throw error(e.column, e.found, e.expected);
    }
  }

  private IpvsadmCommand command(Written first) {
    IpvsadmCommand named = IpvsadmCommand.named(first.name());
    if (named == null) {
      String found = "\"" + first.name() + "\"";
      if (OF_DAEMON.contains(first.name())) {
        throw error(
            first.column(),
            found,
            "a command that changes services: a daemon copies connections between directors, and"
                + " there is one alone");
      }
      throw error(
          first.column(),
          found,
          WITHOUT_SERVICES.contains(first.name())
              ? "a command that changes services: " + IpvsadmCommand.LETTERS
              : "a command: " + IpvsadmCommand.LETTERS);
    }
    return named;
  }

  private void add(Written written) {
    String found = "\"" + written.name() + "\"";
    IpvsadmOption option = IpvsadmOption.named(written.name());
    if (option == null) {
      boolean second = IpvsadmCommand.named(written.name()) != null;
      throw error(
          written.column(),
          second ? "a second command " + found : found,
          second ? "one" : "an option of " + command.text());
    }
    if (!command.takes(option)) {
      throw error(
          written.column(), found, "an option of " + command.text() + ", not " + option.text());
    }
    if (option.isKey() && options.keySet().stream().anyMatch(IpvsadmOption::isKey)) {
      throw error(
          written.valueColumn(), "a second service", "one of -t, -u, --sctp-service and -f");
    }
    if (option.isMethod() && options.keySet().stream().anyMatch(IpvsadmOption::isMethod)) {
      throw error(written.column(), "a second method " + found, "one of -m, -g and -i");
    }
    Argument argument = new Argument(written.value(), written.valueColumn());
    if (options.put(option, argument) != null && option != IpvsadmOption.IPV6) {
      throw error(written.column(), found + " again", "each option once");
    }
    if (option == IpvsadmOption.IPV6 && (!has(IpvsadmOption.MARK) || has(IpvsadmOption.NETMASK))) {
      throw error(written.column(), found, "-f before it, and -M behind");
    }
  }

  private void readKey() {
    for (IpvsadmOption option : options.keySet()) {
      if (option.isKey()) {
        keyOption = option;
      }
    }
    Argument written = options.get(keyOption);
    if (written == null) {
      if (command.needsKey()) {
        throw error(length + 1, "no service", "-t, -u, --sctp-service or -f");
      }
      return;
    }
    key = at(written, () -> keyOf(written.text));
  }

  private ServiceKey keyOf(String text) {
    if (keyOption == IpvsadmOption.MARK) {
      IpFamily family = options.containsKey(IpvsadmOption.IPV6) ? IpFamily.IPV6 : IpFamily.IPV4;
      int mark = text.startsWith("-") ? Integer.parseInt(text) : Integer.parseUnsignedInt(text);
      return new ServiceKey.Marked(family, mark);
    }
    int protocol =
        switch (keyOption) {
          case TCP -> IpProtocol.TCP;
          case UDP -> IpProtocol.UDP;
          default -> IpProtocol.SCTP;
        };
    Endpoint endpoint = Endpoints.parse(text, protocol);
    return new ServiceKey.Virtual(protocol, endpoint.address(), Math.max(0, endpoint.port()));
  }

  IpvsadmCommand command() {
    return command;
  }

  ServiceKey key() {
    return key;
  }

  /** Returns whether the line names a service. */
  boolean hasKey() {
    return options.containsKey(keyOption);
  }

  int keyColumn() {
    return options.getOrDefault(keyOption, new Argument("", 1)).column;
  }

  /** Returns where the line ends. */
  int endColumn() {
    return length + 1;
  }

  boolean has(IpvsadmOption option) {
    return options.containsKey(option);
  }

  @Nullable Argument argument(IpvsadmOption option) {
    return options.get(option);
  }

  /** Returns the number that an argument says. */
  int number(Argument argument, int max) {
    try {
      long value = Long.parseLong(argument.text);
      if (value >= 0 && value <= max) {
        return (int) value;
      }
    } catch (NumberFormatException e) {
      // falls through to the error that names the range
    }
    throw error(argument.column, "\"" + argument.text + "\"", "a number from 0 to " + max);
  }

  /** Returns something read from an argument, and puts a complaint about it at its place. */
  <T> T at(Argument argument, Supplier<T> action) {
    try {
      return action.get();
    } catch (IllegalArgumentException e) {
      throw error(
          argument.column, "\"" + argument.text + "\"", "a valid value (" + e.getMessage() + ")");
    }
  }

  SyntaxException error(int column, String found, String expected) {
    return new SyntaxException(file, number, column, found, expected);
  }
}
