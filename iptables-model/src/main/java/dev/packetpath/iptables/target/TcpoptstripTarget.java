package dev.packetpath.iptables.target;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * {@code -j TCPOPTSTRIP}: overwrites TCP options with no-operations.
 *
 * <p>Source: net/netfilter/xt_TCPOPTSTRIP.c, Linux 6.1; iptables 1.8.9, libxt_TCPOPTSTRIP.c.
 *
 * @param kinds the kinds of the options, each 2 to 255, ascending
 */
public record TcpoptstripTarget(ImmutableSortedSet<Integer> kinds) implements Target {
  /** How it is written: names become numbers. */
  public static final ExtensionSyntax<Target> SYNTAX =
      ExtensionSyntax.<Target>named("TCPOPTSTRIP")
          .option(OptionSpec.value("--strip-options"))
          .readBy(TcpoptstripTarget::read);

  private static final Placement PLACEMENT =
      Placement.in(TableName.MANGLE).forProtocols(IpProtocol.TCP);
  private static final ImmutableMap<String, Integer> NAMES =
      ImmutableMap.of(
          "mss", 2, "wscale", 3, "sack-permitted", 4, "sack", 5, "timestamp", 8, "md5", 19);
  private static final int MIN_KIND = 2;
  private static final int MAX_KIND = 255;

  private static TcpoptstripTarget read(OptionValues options) {
    return new TcpoptstripTarget(
        options
            .get("--strip-options")
            .map(given -> kinds(options, given))
            .orElse(ImmutableSortedSet.of()));
  }

  private static ImmutableSortedSet<Integer> kinds(OptionValues options, OptionValues.Given given) {
    Set<Integer> kinds = new HashSet<>();
    for (String word : Splitter.on(',').split(given.value())) {
      Integer named = NAMES.get(word);
      long kind = named == null ? Numbers.parse(word) : named;
      if (kind < MIN_KIND || kind > MAX_KIND || !kinds.add((int) kind)) {
        throw options.error(
            given,
            "\"" + word + "\"",
            "a list of different kinds 2 to 255 or names of " + NAMES.keySet());
      }
    }
    return ImmutableSortedSet.copyOf(kinds);
  }

  @Override
  public String name() {
    return "TCPOPTSTRIP";
  }

  @Override
  public void print(OptionPrinter out) {
    if (!kinds.isEmpty()) {
      out.option("--strip-options", Joiner.on(',').join(kinds));
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return PLACEMENT.refusal(name(), place);
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    boolean[] stripped = new boolean[MAX_KIND + 1];
    kinds.forEach(kind -> stripped[kind] = true);
    return (packet, state) -> {
      if (packet.isLaterFragment()) {
        return TargetResult.CONTINUE;
      }
      if (packet.transportTruncated()) {
        return TargetResult.DROP;
      }
      packet.tcpOptions(strip(packet.tcpOptions(), stripped));
      return TargetResult.CONTINUE;
    };
  }

  private static byte[] strip(byte[] options, boolean[] stripped) {
    byte[] result = options;
    int length;
    for (int at = 0; at < options.length - 1; at += length) {
      length = TcpOptions.lengthAt(options, at);
      if (at + length > options.length) {
        break;
      }
      if (stripped[options[at] & 0xff]) {
        result = result == options ? options.clone() : result;
        Arrays.fill(result, at, at + length, (byte) TcpOptions.NOP);
      }
    }
    return result;
  }
}
