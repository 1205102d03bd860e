package dev.packetpath.iptables.target;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Locale;

/**
 * {@code -j AUDIT}: tells the audit log of the packet, then goes on with the next rule.
 *
 * <p>Source: net/netfilter/xt_AUDIT.c, Linux 6.1; iptables 1.8.9, libxt_AUDIT.c.
 *
 * @param type what the log says became of the packet
 */
public record AuditTarget(Type type) implements Target {
  /** What the log says. */
  public enum Type {
    /** Accepted. */
    ACCEPT,
    /** Dropped. */
    DROP,
    /** Rejected. */
    REJECT
  }

  /** How it is written. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("AUDIT")
          .option(OptionSpec.value("--type"))
          .readBy(AuditTarget::read);

  private static AuditTarget read(OptionValues options) {
    OptionValues.Given given = options.require("--type");
    for (Type type : Type.values()) {
      if (type.name().equalsIgnoreCase(given.value())) {
        return new AuditTarget(type);
      }
    }
    throw options.error(given, "\"" + given.value() + "\"", "accept, drop or reject");
  }

  @Override
  public String name() {
    return "AUDIT";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option("--type", type.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> TargetResult.CONTINUE;
  }
}
