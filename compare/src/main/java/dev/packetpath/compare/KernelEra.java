package dev.packetpath.compare;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.node.cost.Profile;

/**
 * How old the kernel is, which decides how fast it is told of Services. What packets cost stays as
 * it is.
 */
public enum KernelEra {
  /** The kernel that the profile describes. */
  PROFILE("profile", 1, ""),

  /** Linux 4.4 with the tools of its time. */
  LINUX_4_4(
      "4.4",
      3.3,
      "; 3.3 times that: 31 us a rule of iptables-restore under Linux 4.4 (profile restore-2016),"
          + " 9.4 us under 6.18, machines included; of other tools as of iptables-restore");

  private final String text;
  private final double factor;
  private final String source;

  KernelEra(String text, double factor, String source) {
    this.text = text;
    this.factor = factor;
    this.source = source;
  }

  /** Returns the profile with the costs of syncs as they are with a kernel of this age. */
  public Profile of(Profile profile) {
    if (this == PROFILE) {
      return profile;
    }
    ImmutableSortedMap<String, OperationCost> sync = profile.sync();
    return profile.withSync(ImmutableMap.copyOf(Maps.transformValues(sync, this::slower)));
  }

  private OperationCost slower(OperationCost cost) {
    return new OperationCost(
        cost.operation(), cost.ns() * factor, Provenance.ASSUMED, cost.source() + source);
  }

  /** Returns what people write: a release of Linux, or {@code profile}. */
  @Override
  public String toString() {
    return text;
  }
}
