/** A node snapshot read and written, and a Host assembled from all models. */
@NullMarked
package dev.packetpath.node;

import org.jspecify.annotations.NullMarked;
