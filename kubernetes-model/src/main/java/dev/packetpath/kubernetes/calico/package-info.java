/** What Calico's Felix programs in its iptables dataplane. */
@NullMarked
package dev.packetpath.kubernetes.calico;

import org.jspecify.annotations.NullMarked;
