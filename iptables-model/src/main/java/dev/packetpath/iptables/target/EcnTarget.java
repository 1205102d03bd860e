package dev.packetpath.iptables.target;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -j ECN}: other bits of explicit congestion notification (RFC 3168) in an IPv4 packet.
 *
 * <p>Source: net/ipv4/netfilter/ipt_ECN.c, Linux 6.1; iptables 1.8.9, libipt_ECN.c.
 *
 * @param echo the ECE flag of TCP, 0 or 1, or {@link #KEPT}
 * @param reduced the CWR flag of TCP, 0 or 1, or {@link #KEPT}
 * @param codepoint the two bits of the IP header, or {@link #KEPT}
 */
public record EcnTarget(int echo, int reduced, int codepoint) implements Target {
  /** What stays as it is. */
  public static final int KEPT = -1;

  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("ECN")
          .only(IpFamily.IPV4)
          .option(OptionSpec.flag("--ecn-tcp-remove"))
          .option(OptionSpec.value("--ecn-tcp-ece"))
          .option(OptionSpec.value("--ecn-tcp-cwr"))
          .option(OptionSpec.value("--ecn-ip-ect"))
          .readBy(EcnTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE);
  private static final Placement TCP_PLACEMENT = PLACEMENT.forProtocols(IpProtocol.TCP);

  private static EcnTarget read(OptionValues options) {
    if (options.all().isEmpty()) {
      throw options.missing("--ecn-tcp-remove or another of its options");
    }
    boolean remove = options.has("--ecn-tcp-remove");
    if (remove && (options.has("--ecn-tcp-ece") || options.has("--ecn-tcp-cwr"))) {
      throw options.error(
          options.require("--ecn-tcp-remove"),
          "--ecn-tcp-remove beside --ecn-tcp-ece or --ecn-tcp-cwr",
          "one or the other");
    }
    int flag = remove ? 0 : KEPT;
    return new EcnTarget(
        (int) options.number("--ecn-tcp-ece", 0, 1, flag),
        (int) options.number("--ecn-tcp-cwr", 0, 1, flag),
        codepoint(options));
  }

  /** As in the real tool, a later {@code --ecn-tcp-remove} takes this back. */
  private static int codepoint(OptionValues options) {
    int codepoint = KEPT;
    for (OptionValues.Given given : options.all()) {
      if (given.option().name().equals("--ecn-ip-ect")) {
        codepoint = (int) options.number(given, given.value(), 0, 3);
      } else if (given.option().name().equals("--ecn-tcp-remove")) {
        codepoint = KEPT;
      }
    }
    return codepoint;
  }

  @Override
  public String name() {
    return "ECN";
  }

  @Override
  public void print(OptionPrinter out) {
    if (echo == 0 && reduced == 0 && codepoint == KEPT) {
      out.word("--ecn-tcp-remove");
      return;
    }
    printBits(out, "--ecn-tcp-ece", echo);
    printBits(out, "--ecn-tcp-cwr", reduced);
    printBits(out, "--ecn-ip-ect", codepoint);
  }

  private static void printBits(OptionPrinter out, String option, int bits) {
    if (bits != KEPT) {
      out.option(option, Integer.toString(bits));
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return (echo != KEPT || reduced != KEPT ? TCP_PLACEMENT : PLACEMENT).refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      if (codepoint != KEPT) {
        packet.tos((packet.tos() & ~3) | codepoint);
      }
      if (packet.protocol() == IpProtocol.TCP && !packet.isLaterFragment()) {
        packet.tcpFlags(with(with(packet.tcpFlags(), TcpFlags.ECE, echo), TcpFlags.CWR, reduced));
      }
      return TargetResult.CONTINUE;
    };
  }

  private static int with(int flags, int flag, int value) {
    return switch (value) {
      case 0 -> flags & ~flag;
      case 1 -> flags | flag;
      default -> flags;
    };
  }
}
