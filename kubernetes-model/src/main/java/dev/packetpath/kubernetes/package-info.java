/** A cluster: nodes, Pods, Services and their endpoints, as the programs of its nodes need them. */
@NullMarked
package dev.packetpath.kubernetes;

import org.jspecify.annotations.NullMarked;
