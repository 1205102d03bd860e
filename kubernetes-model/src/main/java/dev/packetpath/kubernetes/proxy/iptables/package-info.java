/** What kube-proxy programs in iptables mode, by release. */
@NullMarked
package dev.packetpath.kubernetes.proxy.iptables;

import org.jspecify.annotations.NullMarked;
