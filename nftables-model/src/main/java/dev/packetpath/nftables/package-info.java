/** nftables: rule sets as written, and what the kernel does with packets by them. */
@NullMarked
package dev.packetpath.nftables;

import org.jspecify.annotations.NullMarked;
