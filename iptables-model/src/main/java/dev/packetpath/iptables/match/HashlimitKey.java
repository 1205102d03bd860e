package dev.packetpath.iptables.match;

/**
 * What tells the buckets of a {@link HashlimitTable} apart; 0 for what is not looked at.
 *
 * @param sourceHigh the upper 64 bits of the masked source address
 * @param sourceLow the lower 64 bits of the masked source address
 * @param destinationHigh the upper 64 bits of the masked destination address
 * @param destinationLow the lower 64 bits of the masked destination address
 * @param ports the source port times 65536 plus the destination port
 */
record HashlimitKey(
    long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int ports) {}
