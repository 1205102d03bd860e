/** The kernel's iptables: tables, chains, rules, matches, targets and ipsets. */
@NullMarked
package dev.packetpath.iptables;

import org.jspecify.annotations.NullMarked;
