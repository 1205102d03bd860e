package dev.packetpath.compare;

/**
 * How many rules the packet that starts a connection meets.
 *
 * @param mean over all Services and endpoints, all tables and hooks
 * @param max to the last endpoint of the last Service, all tables and hooks
 * @param serviceChainMax to the last Service in KUBE-SERVICES alone, or in what takes its place
 */
public record RulesPerConnection(double mean, long max, long serviceChainMax) {}
