package dev.packetpath.iptables.target;

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
 * {@code -j CHECKSUM}: computes the checksum of a packet whose sender left that to the hardware.
 * Packets of the model carry their checksum already, so nothing changes.
 *
 * <p>Source: net/netfilter/xt_CHECKSUM.c, Linux 6.1.
 */
public record ChecksumTarget() implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("CHECKSUM")
          .option(OptionSpec.flag("--checksum-fill"))
          .readBy(ChecksumTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE);

  private static ChecksumTarget read(OptionValues options) {
    options.require("--checksum-fill");
    return new ChecksumTarget();
  }

  @Override
  public String name() {
    return "CHECKSUM";
  }

  @Override
  public void print(OptionPrinter out) {
    out.word("--checksum-fill");
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> TargetResult.CONTINUE;
  }
}
