/** How ip_vs chooses a real server for a new connection: one scheduler a file. */
@NullMarked
package dev.packetpath.ipvs.scheduler;

import org.jspecify.annotations.NullMarked;
