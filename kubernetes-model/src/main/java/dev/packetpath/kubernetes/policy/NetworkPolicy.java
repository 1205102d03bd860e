package dev.packetpath.kubernetes.policy;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * A NetworkPolicy: what its Pods may receive and send. Where a direction is present and has no
 * rules, nothing is allowed.
 *
 * @param namespace its namespace
 * @param name its name
 * @param pods the Pods of the namespace that it is about
 * @param ingress what they may receive; empty if it says nothing about that
 * @param egress what they may send; empty if it says nothing about that
 */
public record NetworkPolicy(
    String namespace,
    String name,
    LabelSelector pods,
    Optional<ImmutableList<PolicyRule>> ingress,
    Optional<ImmutableList<PolicyRule>> egress) {}
