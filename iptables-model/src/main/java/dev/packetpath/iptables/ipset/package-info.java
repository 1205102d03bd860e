/** Sets of addresses, ports and devices, as written and as tested by rules. */
@NullMarked
package dev.packetpath.iptables.ipset;

import org.jspecify.annotations.NullMarked;
