package dev.packetpath.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.policy.PodSelector;
import dev.packetpath.kubernetes.policy.PolicyPort;
import java.util.Optional;

/**
 * A rule of a {@link CalicoPolicy}: what it says holds for packets of which all of its tests hold.
 *
 * @param action what is done with them
 * @param protocol their protocol, empty for any
 * @param peers the Pods on the other side, empty for no such test
 * @param nets the addresses on the other side, empty for any
 * @param notNets the addresses that the other side does not have
 * @param ports the destination ports, of the protocol; empty for any
 */
public record CalicoRule(
    Action action,
    Optional<ServiceProtocol> protocol,
    Optional<PodSelector> peers,
    ImmutableList<IpPrefix> nets,
    ImmutableList<IpPrefix> notNets,
    ImmutableList<PolicyPort> ports) {
  /** What becomes of a packet. */
  public enum Action {
    /** It passes. */
    ALLOW,
    /** It is dropped. */
    DENY,
    /** The rest of the policies is skipped, and the profile of the namespace decides. */
    PASS,
    /** It is logged, and goes on. */
    LOG
  }

  /** Returns a rule that allows what comes from, or goes to, some Pods. */
  public static CalicoRule allow(PodSelector peers) {
    return new CalicoRule(
        Action.ALLOW,
        Optional.empty(),
        Optional.of(peers),
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of());
  }
}
