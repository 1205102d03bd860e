/** What kube-proxy programs in IPVS mode. */
@NullMarked
package dev.packetpath.kubernetes.proxy.ipvs;

import org.jspecify.annotations.NullMarked;
