package dev.packetpath.iptables.target;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.match.TcpMatch;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -j TCPMSS}: lowers the maximum segment size that a SYN announces, or adds it.
 *
 * <p>Source: net/netfilter/xt_TCPMSS.c, Linux 6.1; iptables 1.8.9, libxt_TCPMSS.c.
 *
 * @param mss the segment size, 0 to 65515, or {@link #CLAMP_TO_PMTU}
 */
public record TcpmssTarget(int mss) implements Target {
  /** What the routes to and fro allow. */
  public static final int CLAMP_TO_PMTU = 0xffff;

  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("TCPMSS")
          .option(OptionSpec.value("--set-mss"))
          .option(OptionSpec.flag("--clamp-mss-to-pmtu"))
          .readBy(TcpmssTarget::read);

  private static final Placement PLACEMENT = Placement.ANYWHERE.forProtocols(IpProtocol.TCP);
  private static final Placement CLAMP_PLACEMENT =
      PLACEMENT.at(Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING);
  private static final int MAX_V4 = 0xffff - 20;
  private static final int MAX_V6 = 0xffff - 40;

  private static TcpmssTarget read(OptionValues options) {
    int max = options.family() == IpFamily.IPV4 ? MAX_V4 : MAX_V6;
    int set = (int) options.number("--set-mss", 0, max, CLAMP_TO_PMTU);
    if (options.all().isEmpty()) {
      throw options.missing("--set-mss or --clamp-mss-to-pmtu");
    }
    OptionValues.Given last = options.all().get(options.all().size() - 1);
    return new TcpmssTarget(last.option().name().equals("--set-mss") ? set : CLAMP_TO_PMTU);
  }

  @Override
  public String name() {
    return "TCPMSS";
  }

  @Override
  public void print(OptionPrinter out) {
    if (mss == CLAMP_TO_PMTU) {
      out.word("--clamp-mss-to-pmtu");
    } else {
      out.option("--set-mss", Integer.toString(mss));
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    Optional<Refusal> misplaced =
        mss == CLAMP_TO_PMTU
            ? CLAMP_PLACEMENT.refusal("TCPMSS --clamp-mss-to-pmtu", place)
            : PLACEMENT.refusal("TCPMSS", place);
    if (misplaced.isPresent() || place.matches().stream().anyMatch(TcpmssTarget::asksForSyn)) {
      return misplaced;
    }
    return Optional.of(
        new Refusal(
            "TCPMSS on other packets than SYN", "-p tcp --syn or --tcp-flags with SYN set"));
  }

  private static boolean asksForSyn(Match match) {
    return match instanceof TcpMatch tcp
        && (tcp.flags().set() & TcpFlags.SYN) != 0
        && !tcp.flags().inverted();
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    SegmentSize segmentSize = new SegmentSize(context);
    return (packet, state) -> {
      if (packet.isLaterFragment()) {
        return TargetResult.CONTINUE;
      }
      if (packet.transportTruncated()) {
        return TargetResult.DROP;
      }
      packet.pieces(packet.pieces().joined());
      int size = mss == CLAMP_TO_PMTU ? segmentSize.ofPath(packet) : mss;
      if (size <= 0 && mss == CLAMP_TO_PMTU) {
        return TargetResult.DROP;
      }
      segmentSize.lower(packet, size);
      return TargetResult.CONTINUE;
    };
  }
}
