package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionState;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchForm;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m conntrack}: state, tuples, status and timeout of the packet's connection.
 *
 * <p>A packet without a connection matches if a state option is given and holds; the other options
 * are not looked at then.
 *
 * <p>Source: net/netfilter/xt_conntrack.c, Linux 6.1; iptables 1.8.9, libxt_conntrack.c.
 *
 * @param states the states of {@code --ctstate}, if given
 * @param tests the other options, in the order that iptables-save prints
 */
public record ConntrackMatch(Optional<States> states, ImmutableList<ConntrackTest> tests)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX = syntax();

  /**
   * What {@code --ctstate} asks.
   *
   * @param bits the states, any of which must hold
   * @param inverted whether the sense is reversed
   */
  public record States(int bits, boolean inverted) {
    boolean hold(Packet packet) {
      return ((ConnectionStates.of(packet) & bits) != 0) != inverted;
    }
  }

  private static ExtensionSyntax<Match> syntax() {
    ExtensionSyntax.Builder<Match> syntax =
        ExtensionSyntax.<Match>named("conntrack")
            .option(OptionSpec.value("--ctstate").orInverted())
            .option(OptionSpec.value("--ctproto").orInverted());
    for (TupleSide side : TupleSide.values()) {
      syntax
          .option(OptionSpec.value(side.addressOption()).orInverted())
          .option(OptionSpec.value(side.portOption()).orInverted());
    }
    return syntax
        .option(OptionSpec.value("--ctstatus").orInverted())
        .option(OptionSpec.value("--ctexpire").orInverted())
        .option(OptionSpec.value("--ctdir"))
        .readBy(ConntrackMatch::read);
  }

  private static ConntrackMatch read(OptionValues options) {
    if (options.all().isEmpty()) {
      throw options.missing("at least one option");
    }
    ImmutableList.Builder<ConntrackTest> tests = ImmutableList.builder();
    options
        .get("--ctproto")
        .map(given -> new ConntrackTest.Protocol(protocol(options, given), given.inverted()))
        .ifPresent(tests::add);
    for (TupleSide side : TupleSide.values()) {
      options
          .get(side.addressOption())
          .map(given -> address(options, given, side))
          .ifPresent(tests::add);
    }
    for (TupleSide side : TupleSide.values()) {
      options.get(side.portOption()).map(given -> port(options, given, side)).ifPresent(tests::add);
    }
    options.get("--ctstatus").map(given -> status(options, given)).ifPresent(tests::add);
    options.get("--ctexpire").map(given -> expires(options, given)).ifPresent(tests::add);
    options
        .get("--ctdir")
        .map(given -> new ConntrackTest.Way(direction(options, given)))
        .ifPresent(tests::add);
    return new ConntrackMatch(
        options.get("--ctstate").map(given -> states(options, given)), tests.build());
  }

  private static States states(OptionValues options, OptionValues.Given given) {
    return new States(
        ConnectionStates.read(options, given, ConnectionStates.ALL), given.inverted());
  }

  private static int protocol(OptionValues options, OptionValues.Given given) {
    return Ascii.equalsIgnoreCase(given.value(), "all") ? 0 : options.protocol(given);
  }

  private static ConntrackTest address(
      OptionValues options, OptionValues.Given given, TupleSide side) {
    return new ConntrackTest.Address(side, HostMask.read(options, given), given.inverted());
  }

  private static ConntrackTest port(
      OptionValues options, OptionValues.Given given, TupleSide side) {
    String text = given.value();
    int colon = text.indexOf(':');
    if (colon < 0) {
      int port = Ports.resolve(options, given, text);
      return new ConntrackTest.Port(side, port, port, given.inverted());
    }
    String last = text.substring(colon + 1);
    return new ConntrackTest.Port(
        side,
        colon == 0 ? 0 : Ports.resolve(options, given, text.substring(0, colon)),
        last.isEmpty() ? 0xffff : Ports.resolve(options, given, last),
        given.inverted());
  }

  private static ConntrackTest status(OptionValues options, OptionValues.Given given) {
    return new ConntrackTest.Status(ConnectionStatusNames.read(options, given), given.inverted());
  }

  private static ConntrackTest expires(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    int colon = text.indexOf(':');
    if (colon < 0) {
      int seconds = text.isEmpty() ? 0 : seconds(options, given, text);
      return new ConntrackTest.Expires(seconds, seconds, given.inverted());
    }
    String most = text.substring(colon + 1);
    return new ConntrackTest.Expires(
        colon == 0 ? 0 : seconds(options, given, text.substring(0, colon)),
        most.isEmpty() ? -1 : seconds(options, given, most),
        given.inverted());
  }

  private static int seconds(OptionValues options, OptionValues.Given given, String text) {
    return (int) options.number(given, text, 0, 0xffff_ffffL);
  }

  private static Direction direction(OptionValues options, OptionValues.Given given) {
    for (Direction direction : Direction.values()) {
      if (Ascii.equalsIgnoreCase(given.value(), direction.name())) {
        return direction;
      }
    }
    throw options.error(given, "\"" + given.value() + "\"", "ORIGINAL or REPLY");
  }

  @Override
  public String name() {
    return "conntrack";
  }

  @Override
  public void print(OptionPrinter out) {
    states.ifPresent(
        asked -> out.option(asked.inverted(), "--ctstate", ConnectionStates.toText(asked.bits())));
    tests.forEach(test -> test.print(out));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public MatchForm form() {
    return tests.isEmpty()
        ? states
            .<MatchForm>map(asked -> new MatchForm.State(asked.bits(), asked.inverted()))
            .orElse(MatchForm.FUNCTION)
        : MatchForm.FUNCTION;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    VirtualClock clock = context.host().clock();
    return (packet, state) -> MatchResult.of(test(packet, clock));
  }

  private boolean test(Packet packet, VirtualClock clock) {
    if (states.isPresent() && !states.get().hold(packet)) {
      return false;
    }
    if (ConnectionStates.hasNone(packet)) {
      return states.isPresent();
    }
    Connection connection = PacketConnection.connectionOf(packet);
    ConnectionState state = PacketConnection.stateOf(packet);
    for (int i = 0; i < tests.size(); i++) {
      if (!tests.get(i).holds(connection, state, clock.nowNs())) {
        return false;
      }
    }
    return true;
  }
}
