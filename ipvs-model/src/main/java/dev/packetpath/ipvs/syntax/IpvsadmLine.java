package dev.packetpath.ipvs.syntax;

import com.google.common.base.Splitter;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.ipvs.Persistence;
import dev.packetpath.ipvs.SchedulerFlag;
import dev.packetpath.ipvs.ServerSpec;
import dev.packetpath.ipvs.ServiceKey;
import dev.packetpath.ipvs.ServiceSpec;
import dev.packetpath.ipvs.scheduler.Schedulers;
import dev.packetpath.ipvs.syntax.Endpoints.Endpoint;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of ipvsadm: its options with their values and places. */
final class IpvsadmLine {
  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Splitter COMMAS = Splitter.on(',').omitEmptyStrings();

  /** A value and where it stands. */
  private record Argument(String text, int column) {}

  private final String file;
  private final int number;
  private final int length;
  private final Map<IpvsadmOption, Argument> options = new EnumMap<>(IpvsadmOption.class);
  private IpvsadmOption keyOption = IpvsadmOption.TCP;
  private ServiceKey key = new ServiceKey.Virtual(IpProtocol.TCP, IpAddress.ANY_V4, 0);

  private IpvsadmLine(String file, int number, int length) {
    this.file = file;
    this.number = number;
    this.length = length;
  }

  static IpvsadmLine read(String file, int number, String text) {
    IpvsadmLine line = new IpvsadmLine(file, number, text.length());
    line.readOptions(WORD.matcher(text));
    line.readKey();
    return line;
  }

  private void readOptions(Matcher words) {
    boolean more = words.find();
    while (more) {
      String word = words.group();
      int column = words.start() + 1;
      IpvsadmOption option = IpvsadmOption.named(word);
      if (option == null) {
        throw error(column, "\"" + word + "\"", "an option of ipvsadm's -A or -a");
      }
      more = words.find();
      Argument argument = new Argument("", column);
      boolean hasValue = more && !words.group().startsWith("-");
      if (option.value() == IpvsadmOption.Value.NEEDED && !hasValue) {
        int place = more ? words.start() + 1 : length + 1;
        throw error(place, more ? "\"" + words.group() + "\"" : "nothing", "a value for " + word);
      }
      if (option.value() != IpvsadmOption.Value.NONE && hasValue) {
        argument = new Argument(words.group(), words.start() + 1);
        more = words.find();
      }
      if (options.put(option, argument) != null) {
        throw error(column, "\"" + word + "\" again", "each option once");
      }
    }
  }

  private void readKey() {
    if (options.containsKey(IpvsadmOption.ADD_SERVICE)
        == options.containsKey(IpvsadmOption.ADD_SERVER)) {
      throw error(1, "no one command", "-A or -a");
    }
    Argument written = null;
    for (IpvsadmOption option : IpvsadmOption.values()) {
      Argument argument = options.get(option);
      if (option.isKey() && argument != null) {
        if (written != null) {
          throw error(argument.column, "a second service", "one of -t, -u, --sctp-service and -f");
        }
        written = argument;
        keyOption = option;
      }
    }
    if (written == null) {
      throw error(length + 1, "no service", "-t, -u, --sctp-service or -f");
    }
    String text = written.text;
    key = at(written, () -> keyOf(text));
  }

  private ServiceKey keyOf(String text) {
    if (keyOption == IpvsadmOption.MARK) {
      IpFamily family = options.containsKey(IpvsadmOption.IPV6) ? IpFamily.IPV6 : IpFamily.IPV4;
      return new ServiceKey.Marked(family, Integer.parseUnsignedInt(text));
    }
    Endpoint endpoint = Endpoints.parse(text);
    int protocol =
        switch (keyOption) {
          case TCP -> IpProtocol.TCP;
          case UDP -> IpProtocol.UDP;
          default -> IpProtocol.SCTP;
        };
    return new ServiceKey.Virtual(protocol, endpoint.address(), Math.max(0, endpoint.port()));
  }

  boolean isService() {
    return options.containsKey(IpvsadmOption.ADD_SERVICE);
  }

  ServiceKey key() {
    return key;
  }

  int keyColumn() {
    return argument(keyOption).column;
  }

  int serverColumn() {
    return argument(IpvsadmOption.SERVER).column;
  }

  private Argument argument(IpvsadmOption option) {
    Argument argument = options.get(option);
    if (argument == null) {
      throw error(length + 1, "no " + option.name(), "it");
    }
    return argument;
  }

  /** Returns the service of a line that adds one. */
  ServiceSpec service() {
    forbid(
        "a service",
        IpvsadmOption.SERVER,
        IpvsadmOption.WEIGHT,
        IpvsadmOption.UPPER,
        IpvsadmOption.LOWER,
        IpvsadmOption.MASQUERADE,
        IpvsadmOption.GATEWAY,
        IpvsadmOption.TUNNEL,
        IpvsadmOption.TUNNEL_TYPE);
    ServiceSpec.Builder service = ServiceSpec.builder(key);
    String scheduler = ServiceSpec.DEFAULT_SCHEDULER;
    Argument named = options.get(IpvsadmOption.SCHEDULER);
    if (named != null) {
      scheduler = named.text;
      if (!Schedulers.isKnown(scheduler)) {
        throw error(
            named.column,
            "unknown scheduler \"" + scheduler + "\"",
            "one of " + String.join(" ", Schedulers.names()));
      }
      service.scheduler(scheduler);
    }
    Argument engine = options.get(IpvsadmOption.ENGINE);
    if (engine != null) {
      throw error(
          engine.column,
          "persistence engine \"" + engine.text + "\"",
          "none: they are not modelled");
    }
    readFlags(service, scheduler);
    readPersistence(service);
    return service.onePacket(options.containsKey(IpvsadmOption.ONE_PACKET)).build();
  }

  private void forbid(String what, IpvsadmOption... others) {
    for (IpvsadmOption option : others) {
      Argument argument = options.get(option);
      if (argument != null) {
        throw error(argument.column, option.name() + " of " + what, "an option of " + what);
      }
    }
  }

  private void readFlags(ServiceSpec.Builder service, String scheduler) {
    Argument flags = options.get(IpvsadmOption.FLAGS);
    if (flags == null) {
      return;
    }
    for (String name : COMMAS.split(flags.text)) {
      service.flag(flag(scheduler, name, flags.column));
    }
  }

  private SchedulerFlag flag(String scheduler, String name, int column) {
    for (SchedulerFlag flag : SchedulerFlag.values()) {
      if (name.equals(flag.nameFor(scheduler)) || name.equals("flag-" + (flag.ordinal() + 1))) {
        return flag;
      }
    }
    throw error(column, "flag \"" + name + "\"", "a flag of scheduler " + scheduler);
  }

  private void readPersistence(ServiceSpec.Builder service) {
    Argument persistent = options.get(IpvsadmOption.PERSISTENT);
    Argument mask = options.get(IpvsadmOption.NETMASK);
    if (persistent == null) {
      if (mask != null) {
        throw error(mask.column, "a netmask without -p", "-p");
      }
      if (key instanceof ServiceKey.Virtual virtual && virtual.port() == 0) {
        throw error(keyColumn(), "port 0", "-p: a service of all ports is persistent");
      }
      return;
    }
    int length = mask == null ? key.family().bits() : at(mask, () -> prefixLength(mask.text));
    int seconds =
        persistent.text.isEmpty()
            ? Persistence.DEFAULT_TIMEOUT_SECONDS
            : number(persistent, Integer.MAX_VALUE);
    at(persistent, () -> service.persistence(new Persistence(seconds, length)));
  }

  private int prefixLength(String mask) {
    if (key.family() == IpFamily.IPV6) {
      return Integer.parseInt(mask);
    }
    int bits = IpAddress.parse(mask).ipv4Bits();
    int length = Integer.bitCount(bits);
    if (bits != (int) IpPrefix.maskLow(IpFamily.IPV4, length)) {
      throw new IllegalArgumentException("the ones of a netmask are in front");
    }
    return length;
  }

  /** Returns the server of a line that adds one. */
  ServerSpec server() {
    forbid(
        "a server",
        IpvsadmOption.SCHEDULER,
        IpvsadmOption.PERSISTENT,
        IpvsadmOption.NETMASK,
        IpvsadmOption.ONE_PACKET,
        IpvsadmOption.FLAGS,
        IpvsadmOption.ENGINE);
    Argument named = options.get(IpvsadmOption.SERVER);
    if (named == null) {
      throw error(length + 1, "no server", "-r");
    }
    Endpoint at = at(named, () -> Endpoints.parse(named.text));
    Method method = method();
    if (at.address().family() != key.family() && method != Method.TUNNEL) {
      throw error(
          named.column,
          "server " + at.address() + " of another family than its service",
          "an " + (key.family() == IpFamily.IPV4 ? "IPv4" : "IPv6") + " address, or -i");
    }
    ServerSpec.Builder server = ServerSpec.builder(at.address(), port(at, method)).method(method);
    Argument weight = options.get(IpvsadmOption.WEIGHT);
    if (weight != null) {
      server.weight(number(weight, ServerSpec.MAX_WEIGHT));
    }
    readThresholds(server);
    return server.build();
  }

  /** Unless they are masqueraded, packets keep the port of the service. */
  private int port(Endpoint at, Method method) {
    if (key instanceof ServiceKey.Virtual virtual) {
      boolean keeps = method != Method.MASQUERADE || at.port() == Endpoints.NO_PORT;
      return keeps ? virtual.port() : at.port();
    }
    return Math.max(0, at.port());
  }

  private Method method() {
    Argument type = options.get(IpvsadmOption.TUNNEL_TYPE);
    if (type != null && !type.text.equals("ipip")) {
      throw error(type.column, "tunnel \"" + type.text + "\"", "ipip: no other is modelled");
    }
    if (options.containsKey(IpvsadmOption.MASQUERADE)) {
      return Method.MASQUERADE;
    }
    return options.containsKey(IpvsadmOption.TUNNEL) ? Method.TUNNEL : Method.DIRECT_ROUTING;
  }

  private void readThresholds(ServerSpec.Builder server) {
    Argument upper = options.get(IpvsadmOption.UPPER);
    Argument lower = options.get(IpvsadmOption.LOWER);
    if (upper != null || lower != null) {
      int most = upper == null ? 0 : number(upper, Integer.MAX_VALUE);
      int least = lower == null ? 0 : number(lower, Integer.MAX_VALUE);
      at(
          lower == null ? argument(IpvsadmOption.UPPER) : lower,
          () -> server.thresholds(most, least));
    }
  }

  private int number(Argument argument, int max) {
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
  private <T> T at(Argument argument, Supplier<T> action) {
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
