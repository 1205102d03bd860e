/** The matches, one file each: what they say, how they are written, and when they hold. */
@NullMarked
package dev.packetpath.iptables.match;

import org.jspecify.annotations.NullMarked;
