/** Connection tracking and network address translation, as nf_conntrack and nf_nat do them. */
@NullMarked
package dev.packetpath.conntrack;

import org.jspecify.annotations.NullMarked;
