/** What kube-proxy programs in userspace mode (up to 1.25). */
@NullMarked
package dev.packetpath.kubernetes.proxy.userspace;

import org.jspecify.annotations.NullMarked;
