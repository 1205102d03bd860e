/** What differs between kube-proxy's modes iptables and ipvs, seen on one node. */
@NullMarked
package dev.packetpath.examples.ipvs;

import org.jspecify.annotations.NullMarked;
