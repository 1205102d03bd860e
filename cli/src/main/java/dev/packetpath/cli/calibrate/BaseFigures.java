package dev.packetpath.cli.calibrate;

import dev.packetpath.core.cost.CostModel;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.node.cost.Parameter;
import dev.packetpath.node.cost.Profile;

/**
 * The figures of another profile, for what could not be measured. Each then says so, and is assumed
 * to hold here too.
 *
 * @param profile the other profile
 */
record BaseFigures(Profile profile) {
  /** Why a figure was not measured: nothing here measures it. */
  static final String NOT_MEASURED = "not measured here";

  /** Why a figure was not measured: noise took more time than what was to be measured. */
  static final String IN_NOISE = "less than the noise here";

  /** Returns the cost of a rule in a short chain, in nanoseconds. */
  double ruleNs() {
    return profile.costs().rules().inCacheNs();
  }

  /** Returns the price of an operation. */
  OperationCost operation(String name, String why) {
    if (name.equals(CostModel.RULE_EVALUATED)) {
      return new OperationCost(name, ruleNs(), Provenance.ASSUMED, rules(why));
    }
    OperationCost cost = profile.costs().operations().get(name);
    if (cost == null) {
      throw new IllegalStateException(name + " has no price in " + profile.name());
    }
    return assumed(cost, why);
  }

  /** Returns where the cost of a rule is from, in words. */
  String rules(String why) {
    return from(profile.costs().rules().source(), why);
  }

  /** Returns a price of the profile, as one that is assumed. */
  OperationCost assumed(OperationCost cost, String why) {
    return new OperationCost(
        cost.operation(), cost.ns(), Provenance.ASSUMED, from(cost.source(), why));
  }

  /** Returns a parameter of the profile, as one that is assumed. */
  Parameter assumed(Parameter parameter, String why) {
    return new Parameter(
        parameter.name(),
        parameter.value(),
        parameter.unit(),
        Provenance.ASSUMED,
        from(parameter.source(), why),
        parameter.place());
  }

  private String from(String source, String why) {
    return why + "; " + profile.name() + ": " + source;
  }
}
