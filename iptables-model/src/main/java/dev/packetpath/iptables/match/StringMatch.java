package dev.packetpath.iptables.match;

import com.google.common.primitives.ImmutableIntArray;
import dev.packetpath.core.packet.Packet;
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
 * {@code -m string}: bytes anywhere in the packet, IP header included. In a packet that was put
 * together from fragments, Boyer-Moore does not see what lies over a seam.
 *
 * <p>Source: net/netfilter/xt_string.c, lib/ts_bm.c and net/core/skbuff.c, skb_find_text, Linux
 * 6.1, and its change of Linux 6.7: the whole pattern must lie before {@code --to}, not its first
 * byte only; libxt_string, iptables 1.8.9.
 *
 * @param pattern the bytes
 * @param algorithm how they are looked for
 * @param from the first byte of the packet that counts
 * @param to the first byte of the packet that counts no more, {@link #END} for the whole
 * @param ignoreCase whether upper and lower case are the same
 * @param inverted whether the sense is reversed
 */
public record StringMatch(
    SearchPattern pattern,
    Algorithm algorithm,
    int from,
    int to,
    boolean ignoreCase,
    boolean inverted)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("string")
          .option(OptionSpec.value("--string").orInverted())
          .option(OptionSpec.value("--hex-string").orInverted())
          .option(OptionSpec.value("--algo"))
          .option(OptionSpec.value("--from"))
          .option(OptionSpec.value("--to"))
          .option(OptionSpec.flag("--icase"))
          .readBy(StringMatch::read);

  /** No limit. */
  public static final int END = 0xffff;

  /** How a pattern is looked for. */
  public enum Algorithm {
    /** Boyer-Moore. */
    BOYER_MOORE("bm"),
    /** Knuth-Morris-Pratt. */
    KNUTH_MORRIS_PRATT("kmp");

    private final String text;

    Algorithm(String text) {
      this.text = text;
    }
  }

  private static StringMatch read(OptionValues options) {
    OptionValues.Given given = options.exactlyOne("--string", "--hex-string");
    SearchPattern pattern = SearchPattern.read(options, given);
    int from = (int) options.number("--from", 0, END, 0);
    int to = (int) options.number("--to", 0, END, END);
    if (from > to) {
      throw options.error("--from " + from + " above --to " + to, "a range of bytes");
    }
    return new StringMatch(
        pattern, algorithm(options), from, to, options.has("--icase"), given.inverted());
  }

  private static Algorithm algorithm(OptionValues options) {
    OptionValues.Given given = options.require("--algo");
    return switch (given.value()) {
      case "bm" -> Algorithm.BOYER_MOORE;
      case "kmp" -> Algorithm.KNUTH_MORRIS_PRATT;
      default -> throw options.error(given, "\"" + given.value() + "\"", "bm or kmp");
    };
  }

  @Override
  public String name() {
    return "string";
  }

  @Override
  public void print(OptionPrinter out) {
    String option = pattern.isHexadecimal() ? "--hex-string" : "--string";
    out.option(inverted, option, pattern.quoted()).option("--algo", algorithm.text);
    if (from != 0) {
      out.option("--from", Integer.toString(from));
    }
    if (to != END) {
      out.option("--to", Integer.toString(to));
    }
    if (ignoreCase) {
      out.word("--icase");
    }
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(finds(packet) != inverted);
  }

  private boolean finds(Packet packet) {
    byte[] bytes = WireFormat.encode(packet);
    int start = from;
    if (algorithm == Algorithm.BOYER_MOORE) {
      ImmutableIntArray seams = packet.pieces().starts();
      for (int i = 0; i < seams.length(); i++) {
        int seam = packet.networkHeaderBytes() + seams.get(i);
        if (finds(bytes, start, seam)) {
          return true;
        }
        start = Math.max(start, seam);
      }
    }
    return finds(bytes, start, bytes.length);
  }

  private boolean finds(byte[] bytes, int start, int end) {
    int place = pattern.find(bytes, start, ignoreCase);
    return place >= 0 && place + pattern.bytes().length() <= Math.min(end, to);
  }
}
