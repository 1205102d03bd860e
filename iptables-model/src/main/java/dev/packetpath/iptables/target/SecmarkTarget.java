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
 * {@code -j SECMARK}: gives the packet a security label. No modelled rule asks for it, so nothing
 * changes.
 *
 * <p>Source: net/netfilter/xt_SECMARK.c, Linux 6.1.
 *
 * @param label the security context, as SELinux writes it
 */
public record SecmarkTarget(String label) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("SECMARK")
          .option(OptionSpec.value("--selctx"))
          .readBy(SecmarkTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE, TableName.SECURITY);

  private static SecmarkTarget read(OptionValues options) {
    OptionValues.Given given = options.require("--selctx");
    if (!given.value().matches("[^:]+:[^:]+:[^:]+(:.+)?")) {
      throw options.error(
          given, "\"" + given.value() + "\"", "user:role:type or user:role:type:range");
    }
    return new SecmarkTarget(given.value());
  }

  @Override
  public String name() {
    return "SECMARK";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--selctx", label);
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
