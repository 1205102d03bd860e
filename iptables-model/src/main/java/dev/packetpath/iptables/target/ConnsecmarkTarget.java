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
 * {@code -j CONNSECMARK}: copies the security label between packet and connection. No modelled rule
 * asks for it, so nothing changes.
 *
 * <p>Source: net/netfilter/xt_CONNSECMARK.c, Linux 6.1.
 *
 * @param restore whether the packet gets the connection's label, not the other way round
 */
public record ConnsecmarkTarget(boolean restore) implements Target {
  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("CONNSECMARK")
          .option(OptionSpec.flag("--save"))
          .option(OptionSpec.flag("--restore"))
          .readBy(ConnsecmarkTarget::read);

  private static final Placement PLACEMENT = Placement.in(TableName.MANGLE, TableName.SECURITY);

  private static ConnsecmarkTarget read(OptionValues options) {
    return new ConnsecmarkTarget(
        options.exactlyOne("--save", "--restore").option().name().equals("--restore"));
  }

  @Override
  public String name() {
    return "CONNSECMARK";
  }

  @Override
  public void print(OptionPrinter out) {
    out.word(restore ? "--restore" : "--save");
  }

  @Override
  public boolean needsConntrack() {
    return true;
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
