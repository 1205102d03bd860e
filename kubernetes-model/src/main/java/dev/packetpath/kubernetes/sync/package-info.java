/** What kube-proxy sends to the kernel when it starts, at each change and from time to time. */
@NullMarked
package dev.packetpath.kubernetes.sync;

import org.jspecify.annotations.NullMarked;
