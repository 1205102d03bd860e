/** Named sets of addresses, ports and devices that rules look packets up in: ipset. */
@NullMarked
package dev.packetpath.iptables.ipset;

import org.jspecify.annotations.NullMarked;
