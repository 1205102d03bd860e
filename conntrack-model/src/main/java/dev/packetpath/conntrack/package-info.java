/** The kernel's connection tracking and network address translation (nf_conntrack and nf_nat). */
@NullMarked
package dev.packetpath.conntrack;

import org.jspecify.annotations.NullMarked;
