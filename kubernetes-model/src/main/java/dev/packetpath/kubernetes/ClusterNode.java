package dev.packetpath.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;

/**
 * A node of the cluster.
 *
 * @param name its name
 * @param zone its topology zone, empty for none
 * @param addresses its internal addresses, the primary one first
 * @param podCidrs where the addresses of its Pods lie, at most one of each family
 */
public record ClusterNode(
    String name,
    String zone,
    ImmutableList<IpAddress> addresses,
    ImmutableList<IpPrefix> podCidrs) {}
