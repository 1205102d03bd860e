/** What all modes of kube-proxy decide first: which ports, which endpoints, whose traffic. */
@NullMarked
package dev.packetpath.kubernetes.proxy.select;

import org.jspecify.annotations.NullMarked;
