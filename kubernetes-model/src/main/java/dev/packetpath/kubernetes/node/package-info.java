/** A node's snapshot, written from a cluster: its program, devices, routes and settings. */
@NullMarked
package dev.packetpath.kubernetes.node;

import org.jspecify.annotations.NullMarked;
