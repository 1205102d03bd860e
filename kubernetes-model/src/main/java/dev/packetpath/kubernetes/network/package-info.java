/** The devices, addresses and routes of a node. */
@NullMarked
package dev.packetpath.kubernetes.network;

import org.jspecify.annotations.NullMarked;
