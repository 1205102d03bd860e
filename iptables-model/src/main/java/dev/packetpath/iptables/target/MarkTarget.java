package dev.packetpath.iptables.target;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.MarkValue;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -j MARK}: {@code mark = (mark & ~mask) ^ value}.
 *
 * <p>Source: net/netfilter/xt_mark.c, mark_tg, Linux 6.1; iptables 1.8.9, libxt_MARK.c.
 *
 * @param xmark the value and the bits that are cleared first
 */
public record MarkTarget(MarkValue xmark) implements Target {
  /** How it is written: all spellings become {@code --set-xmark}. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("MARK")
          .option(OptionSpec.value("--set-xmark"))
          .option(OptionSpec.value("--set-mark"))
          .option(OptionSpec.value("--and-mark"))
          .option(OptionSpec.value("--or-mark"))
          .option(OptionSpec.value("--xor-mark"))
          .readBy(MarkTarget::read);

  private static MarkTarget read(OptionValues options) {
    if (options.all().size() != 1) {
      throw options.missing(
          "exactly one of --set-xmark --set-mark --and-mark --or-mark --xor-mark");
    }
    OptionValues.Given given = options.all().get(0);
    return new MarkTarget(
        switch (given.option().name()) {
          case "--set-xmark" -> MarkValue.read(options, given);
          case "--set-mark" -> {
            MarkValue written = MarkValue.read(options, given);
            yield new MarkValue(written.value(), written.value() | written.mask());
          }
          case "--and-mark" -> new MarkValue(0, ~bits(options, given));
          case "--or-mark" -> new MarkValue(bits(options, given), bits(options, given));
          default -> new MarkValue(bits(options, given), 0);
        });
  }

  private static int bits(OptionValues options, OptionValues.Given given) {
    return (int) options.number(given, given.value(), 0, 0xffff_ffffL);
  }

  @Override
  public String name() {
    return "MARK";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(
        "--set-xmark",
        "0x" + Integer.toHexString(xmark.value()) + "/0x" + Integer.toHexString(xmark.mask()));
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    return (packet, state) -> {
      packet.mark((packet.mark() & ~xmark.mask()) ^ xmark.value());
      return TargetResult.CONTINUE;
    };
  }
}
