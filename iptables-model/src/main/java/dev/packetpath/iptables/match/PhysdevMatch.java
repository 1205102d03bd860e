package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.core.host.Device;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m physdev}: the bridge ports of a bridged packet. Of a packet that no bridge passed, a
 * rule holds if all that it asks is inverted.
 *
 * <p>Source: net/netfilter/xt_physdev.c, Linux 6.1.
 *
 * @param in the port it came in by
 * @param out the port it will leave by
 * @param isIn whether it came in by a port
 * @param isOut whether it will leave by a port
 * @param isBridged whether it is bridged, not routed
 */
public record PhysdevMatch(
    DeviceMatch in, DeviceMatch out, FlagTest isIn, FlagTest isOut, FlagTest isBridged)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("physdev")
          .option(OptionSpec.value("--physdev-in").orInverted())
          .option(OptionSpec.value("--physdev-out").orInverted())
          .option(OptionSpec.flag("--physdev-is-in").orInverted())
          .option(OptionSpec.flag("--physdev-is-out").orInverted())
          .option(OptionSpec.flag("--physdev-is-bridged").orInverted())
          .readBy(PhysdevMatch::read);

  private static PhysdevMatch read(OptionValues options) {
    if (options.all().isEmpty()) {
      throw options.missing("one of its options");
    }
    return new PhysdevMatch(
        device(options, "--physdev-in"),
        device(options, "--physdev-out"),
        FlagTest.read(options, "--physdev-is-in"),
        FlagTest.read(options, "--physdev-is-out"),
        FlagTest.read(options, "--physdev-is-bridged"));
  }

  private static DeviceMatch device(OptionValues options, String name) {
    if (!options.has(name)) {
      return DeviceMatch.ANY;
    }
    OptionValues.Given given = options.require(name);
    String text = given.value();
    if (text.isEmpty() || text.length() > Device.MAX_NAME_LENGTH) {
      throw options.error(
          given,
          "\"" + text + "\"",
          "a device name of 1 to " + Device.MAX_NAME_LENGTH + " characters");
    }
    return new DeviceMatch(text, given.inverted());
  }

  @Override
  public String name() {
    return "physdev";
  }

  @Override
  public void print(OptionPrinter out) {
    isIn.print(out, "--physdev-is-in");
    print(out, "--physdev-in", in);
    isOut.print(out, "--physdev-is-out");
    print(out, "--physdev-out", this.out);
    isBridged.print(out, "--physdev-is-bridged");
  }

  private static void print(OptionPrinter out, String option, DeviceMatch device) {
    if (!device.isAny()) {
      out.option(device.inverted(), option, device.pattern());
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return (out.isAny() && isOut == FlagTest.NOT_ASKED)
            || isBridged == FlagTest.SET
            || !place.hooks().contains(Hook.OUTPUT)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "--physdev-out or --physdev-is-out reached from OUTPUT",
                "--physdev-is-bridged beside it"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) ->
        MatchResult.of(matches(packet.bridgePortIn(), packet.bridgePortOut()));
  }

  private boolean matches(String portIn, String portOut) {
    if (portIn.isEmpty() && portOut.isEmpty()) {
      return isIn != FlagTest.SET
          && isOut != FlagTest.SET
          && isBridged != FlagTest.SET
          && (in.isAny() || in.inverted())
          && (out.isAny() || out.inverted());
    }
    return isBridged.matches(!portOut.isEmpty())
        && isIn.matches(!portIn.isEmpty())
        && isOut.matches(!portOut.isEmpty())
        && (portIn.isEmpty() || in.matches(portIn))
        && (out.isAny() || (!portOut.isEmpty() && out.matches(portOut)));
  }
}
