package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m u32}: computations on any 32 bits of the packet.
 *
 * <p>Source: net/netfilter/xt_u32.c, Linux 6.1; libxt_u32, iptables 1.8.9. A shift of more than 31
 * is refused, as newer kernels do; before, its result depended on the processor.
 *
 * @param tests the tests, all of which must hold, 1 to 10
 * @param inverted whether the sense is reversed
 */
public record U32Match(ImmutableList<U32Test> tests, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("u32")
          .option(OptionSpec.value("--u32").orInverted())
          .readBy(U32Match::read);

  private static U32Match read(OptionValues options) {
    OptionValues.Given given = options.require("--u32");
    return new U32Match(new U32Reader(options, given).read(), given.inverted());
  }

  @Override
  public String name() {
    return "u32";
  }

  @Override
  public void print(OptionPrinter out) {
    StringBuilder text = new StringBuilder("\"");
    for (U32Test test : tests) {
      text.append(text.length() == 1 ? "" : "&&").append(test);
    }
    out.option(inverted, "--u32", text.append('"').toString());
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(matches(WireFormat.encode(packet)) != inverted);
  }

  private boolean matches(byte[] bytes) {
    for (U32Test test : tests) {
      if (!test.matches(bytes)) {
        return false;
      }
    }
    return true;
  }
}
