/** The settings of a kube-proxy. */
@NullMarked
package dev.packetpath.kubernetes.proxy;

import org.jspecify.annotations.NullMarked;
