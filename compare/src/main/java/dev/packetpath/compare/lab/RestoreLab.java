package dev.packetpath.compare.lab;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.node.cost.Profile;

/**
 * How long iptables-restore took to fill an empty table on kernels of 2016. Each rule is read, sent
 * and checked. For each jump, those kernels looked for its target among the table's entries, one by
 * one from the first: half of the table in the mean, so the time grows with the square of the
 * rules. Later ones (Linux 4.7) look it up in a sorted list.
 *
 * <p>Source: net/netfilter/x_tables.c (xt_find_jump_offset) and commit f4dc77713f80, which tells of
 * rule sets that used to load in a few seconds and then took minutes.
 */
public final class RestoreLab {
  private final double ruleNs;
  private final double entryNs;
  private final double jumpsPerRule;

  /**
   * Creates the laboratory of a profile.
   *
   * @throws dev.packetpath.core.SyntaxException if it lacks {@code ruleTime}, {@code
   *     searchedEntryTime} or {@code jumpsPerRule}
   */
  public RestoreLab(Profile profile) {
    ruleNs = profile.lab().nanoseconds("ruleTime");
    entryNs = profile.lab().nanoseconds("searchedEntryTime");
    jumpsPerRule = profile.lab().number("jumpsPerRule", 0, 1);
  }

  /** Returns the laboratory of the published times. */
  public static RestoreLab published() {
    return new RestoreLab(PublishedProfiles.named("restore-2016"));
  }

  /** Returns how long it takes to restore so many rules, in nanoseconds. */
  public double restoreNs(long rules) {
    checkArgument(rules >= 0, "rules: %s, expected 0 or more", rules);
    double searched = jumpsPerRule * rules * rules / 2;
    return rules * ruleNs + searched * entryNs;
  }
}
