package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import dev.packetpath.node.cost.Parameter;
import dev.packetpath.node.cost.Profile;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Something that the figures rest on.
 *
 * @param what its name
 * @param value its value with its unit
 * @param how how it was come by; empty where it says so itself
 * @param source where it is from
 */
public record Assumption(String what, String value, String how, String source) {
  private static final MathContext DIGITS = new MathContext(4);

  /** Returns what a profile holds: its machine, its costs and its laboratory. */
  public static ImmutableList<Assumption> of(Profile profile) {
    ImmutableList.Builder<Assumption> all = ImmutableList.builder();
    all.add(new Assumption("profile", profile.name(), "", profile.about()));
    all.add(new Assumption("machine", profile.machine(), "", ""));
    all.add(new Assumption("kernel", profile.kernel(), "", ""));
    profile.lab().parameters().values().forEach(parameter -> all.add(of(parameter)));
    RuleCost rules = profile.costs().rules();
    all.add(
        new Assumption(
            "a rule of iptables", levels(rules), how(rules.provenance()), rules.source()));
    profile.costs().operations().values().forEach(cost -> all.add(of(cost)));
    profile.sync().values().forEach(cost -> all.add(of("sync: ", cost)));
    return all.build();
  }

  private static Assumption of(Parameter parameter) {
    return new Assumption(
        parameter.name(),
        (number(parameter.value()) + " " + parameter.unit()).strip(),
        how(parameter.provenance()),
        parameter.source());
  }

  private static Assumption of(OperationCost cost) {
    return of("", cost);
  }

  private static Assumption of(String prefix, OperationCost cost) {
    return new Assumption(
        prefix + cost.operation(),
        number(cost.ns()) + " ns",
        how(cost.provenance()),
        cost.source());
  }

  private static String levels(RuleCost rules) {
    String levels =
        rules.levels().stream()
            .map(
                level ->
                    String.format(
                        Locale.ROOT, ", %s ns at %.1f MB", number(level.ns()), level.bytes() / 1e6))
            .collect(Collectors.joining());
    return number(rules.inCacheNs()) + " ns in cache" + levels;
  }

  private static String how(Provenance provenance) {
    return provenance.name().toLowerCase(Locale.ROOT);
  }

  private static String number(double value) {
    return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
