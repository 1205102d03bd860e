package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Map;
import java.util.Optional;

/**
 * {@code -m mh}: the type of a mobility header.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_mh.c, Linux 6.1; libip6t_mh, iptables 1.8.9.
 *
 * @param type the types
 */
public record MhMatch(NumberRange type) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("mh")
          .only(IpFamily.IPV6)
          .option(OptionSpec.value("--mh-type").orInverted())
          .readBy(MhMatch::read);

  private static final long MAX_TYPE = 255;
  private static final int MOBILITY = 135;
  private static final int HEADER_BYTES = 6;

  private static final ImmutableMap<String, Integer> NAMES =
      ImmutableMap.<String, Integer>builder()
          .put("binding-refresh-request", 0)
          .put("brr", 0)
          .put("home-test-init", 1)
          .put("hoti", 1)
          .put("careof-test-init", 2)
          .put("coti", 2)
          .put("home-test", 3)
          .put("hot", 3)
          .put("careof-test", 4)
          .put("cot", 4)
          .put("binding-update", 5)
          .put("bu", 5)
          .put("binding-acknowledgement", 6)
          .put("ba", 6)
          .put("binding-error", 7)
          .put("be", 7)
          .buildOrThrow();

  private static MhMatch read(OptionValues options) {
    if (!options.has("--mh-type")) {
      return new MhMatch(new NumberRange(0, MAX_TYPE, false));
    }
    OptionValues.Given given = options.require("--mh-type");
    String text = given.value();
    int colon = text.indexOf(':');
    long first = colon == 0 ? 0 : type(options, given, colon < 0 ? text : text.substring(0, colon));
    long last = first;
    if (colon >= 0) {
      last =
          colon == text.length() - 1 ? MAX_TYPE : type(options, given, text.substring(colon + 1));
    }
    if (first > last) {
      throw options.error(
          given, "\"" + text + "\"", "a range whose first type is not above its last");
    }
    return new MhMatch(new NumberRange(first, last, given.inverted()));
  }

  /** Reads a name, the first that begins so, or a number. */
  private static long type(OptionValues options, OptionValues.Given given, String text) {
    Integer exact = NAMES.get(Ascii.toLowerCase(text));
    if (exact != null) {
      return exact;
    }
    return NAMES.entrySet().stream()
        .filter(name -> name.getKey().regionMatches(true, 0, text, 0, text.length()))
        .mapToLong(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> options.number(given, text, 0, MAX_TYPE));
  }

  @Override
  public String name() {
    return "mh";
  }

  @Override
  public void print(OptionPrinter out) {
    type.printUnlessAll(out, "--mh-type", MAX_TYPE);
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return place.hasProtocol(MOBILITY)
        ? Optional.empty()
        : Optional.of(new Refusal("-m mh", "-p mh, not inverted, in the same rule"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> test(packet);
  }

  private MatchResult test(Packet packet) {
    if (packet.isLaterFragment()) {
      return MatchResult.NO;
    }
    RawHeader raw = RawHeader.of(packet);
    if (raw.transportBytes() < HEADER_BYTES || raw.byteAt(0) != IpProtocol.NO_NEXT_HEADER) {
      return MatchResult.DROP;
    }
    return MatchResult.of(type.matches(raw.byteAt(2)));
  }
}
