package dev.packetpath.kubernetes.policy;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;

/** The other side of a connection, in a rule of a NetworkPolicy. */
public sealed interface PolicyPeer {
  /**
   * Pods.
   *
   * @param selector which
   */
  record Pods(PodSelector selector) implements PolicyPeer {}

  /**
   * Addresses.
   *
   * @param cidr the addresses
   * @param except those of them that do not count
   */
  record Block(IpPrefix cidr, ImmutableList<IpPrefix> except) implements PolicyPeer {
    /** Checks that each exception is a part. */
    public Block {
      for (IpPrefix part : except) {
        checkArgument(isPart(part, cidr), "%s is no part of %s", part, cidr);
      }
    }

    /** Returns whether a range of addresses lies in another one and is smaller. */
    public static boolean isPart(IpPrefix part, IpPrefix whole) {
      return part.family() == whole.family()
          && part.length() > whole.length()
          && whole.contains(part.address());
    }
  }
}
