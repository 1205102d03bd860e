/** What kube-proxy programs in nftables mode. */
@NullMarked
package dev.packetpath.kubernetes.proxy.nftables;

import org.jspecify.annotations.NullMarked;
