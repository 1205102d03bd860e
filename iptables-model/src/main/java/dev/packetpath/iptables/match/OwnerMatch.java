package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
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
 * {@code -m owner}: user and group of the socket that sends the packet. Without a socket a rule
 * holds if all that it asks is inverted; a socket of the kernel's own, as ICMP errors have, exists,
 * but has no user and no group. The further groups of a process are not known: {@code
 * --suppl-groups} changes nothing for a socket.
 *
 * <p>Source: net/netfilter/xt_owner.c, Linux 6.1; libxt_owner, iptables 1.8.9.
 *
 * @param socket whether there is a socket
 * @param user the users, if asked for
 * @param group the groups, if asked for
 * @param supplementary whether a further group of the process counts too
 */
public record OwnerMatch(
    FlagTest socket, Optional<NumberRange> user, Optional<NumberRange> group, boolean supplementary)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("owner")
          .option(OptionSpec.value("--uid-owner").orInverted())
          .option(OptionSpec.value("--gid-owner").orInverted())
          .option(OptionSpec.flag("--socket-exists").orInverted())
          .option(OptionSpec.flag("--suppl-groups"))
          .readBy(OwnerMatch::read);

  private static OwnerMatch read(OptionValues options) {
    boolean supplementary = false;
    for (OptionValues.Given given : options.all()) {
      if (given.option().name().equals("--suppl-groups")) {
        supplementary = true;
      } else if (supplementary && given.option().name().equals("--gid-owner")) {
        throw options.error(given, "--gid-owner behind --suppl-groups", "it before");
      }
    }
    if (supplementary && !options.has("--gid-owner")) {
      throw options.missing("--gid-owner before --suppl-groups");
    }
    if (options.all().isEmpty()) {
      throw options.missing("one of --uid-owner, --gid-owner, --socket-exists");
    }
    return new OwnerMatch(
        FlagTest.read(options, "--socket-exists"),
        AccountNames.read(options, "--uid-owner", AccountNames.USERS),
        AccountNames.read(options, "--gid-owner", AccountNames.GROUPS),
        supplementary);
  }

  @Override
  public String name() {
    return "owner";
  }

  @Override
  public void print(OptionPrinter out) {
    socket.print(out, "--socket-exists");
    user.ifPresent(range -> range.print(out, "--uid-owner", "-"));
    group.ifPresent(range -> range.print(out, "--gid-owner", "-"));
    if (supplementary) {
      out.word("--suppl-groups");
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return place.onlyFrom(Hook.OUTPUT, Hook.POSTROUTING)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "-m owner reached from PREROUTING, INPUT or FORWARD",
                "it reached from OUTPUT and POSTROUTING alone"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(matches(packet));
  }

  private boolean matches(Packet packet) {
    if (packet.isOfKernelSocket()) {
      return socket != FlagTest.UNSET && asksForNoOwner();
    }
    if (!packet.hasSocket()) {
      return socket != FlagTest.SET && !supplementary && asksForNoOwner();
    }
    return socket != FlagTest.UNSET
        && (user.isEmpty() || user.get().matches(Integer.toUnsignedLong(packet.ownerUid())))
        && (group.isEmpty() || group.get().matches(Integer.toUnsignedLong(packet.ownerGid())));
  }

  private boolean asksForNoOwner() {
    return (user.isEmpty() || user.get().inverted()) && (group.isEmpty() || group.get().inverted());
  }
}
