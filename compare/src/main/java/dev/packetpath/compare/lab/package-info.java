/** Measurements that others published, made again by their mechanism. */
@NullMarked
package dev.packetpath.compare.lab;

import org.jspecify.annotations.NullMarked;
