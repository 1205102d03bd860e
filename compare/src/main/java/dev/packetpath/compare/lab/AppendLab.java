package dev.packetpath.compare.lab;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.node.cost.Profile;

/**
 * How long a loop of {@code iptables -A} takes: each run reads the whole table from the kernel and
 * sends it back with one more rule (libiptc, IPT_SO_GET_ENTRIES and IPT_SO_SET_REPLACE), so the
 * time grows with the square of the rules.
 */
public final class AppendLab {
  private final double commandNs;
  private final double copiedRuleNs;

  /**
   * Creates the laboratory of a profile.
   *
   * @throws dev.packetpath.core.SyntaxException if it lacks {@code commandTime} or {@code
   *     copiedRuleTime}
   */
  public AppendLab(Profile profile) {
    commandNs = profile.lab().nanoseconds("commandTime");
    copiedRuleNs = profile.lab().nanoseconds("copiedRuleTime");
  }

  /** Returns the laboratory of the published times. */
  public static AppendLab published() {
    return new AppendLab(PublishedProfiles.named("append-2015"));
  }

  /** Returns how long it takes to append so many rules to an empty table, in nanoseconds. */
  public double loopNs(long rules) {
    checkArgument(rules >= 0, "rules: %s, expected 0 or more", rules);
    return rules * commandNs + copiedRuleNs * rules * (rules - 1) / 2;
  }
}
