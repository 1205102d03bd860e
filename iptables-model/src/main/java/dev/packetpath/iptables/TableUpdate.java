package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

/**
 * A change of some chains of a loaded table, as {@code iptables-restore --noflush} makes it of the
 * chains that its text declares: they are emptied and filled anew or made, their counters start
 * with those written, and all other chains keep rules and counters.
 *
 * @param table which table
 * @param chains the chains as they shall be
 * @param deleted the names of user chains to delete ({@code -X}); no rule may call them any more
 */
public record TableUpdate(
    TableName table, ImmutableList<Chain> chains, ImmutableSet<String> deleted) {}
