/** The targets, one file each: what they say, how they are written, and what they do. */
@NullMarked
package dev.packetpath.iptables.target;

import org.jspecify.annotations.NullMarked;
