/** Load balancing in the kernel as ip_vs does it, over virtual services and their real servers. */
@NullMarked
package dev.packetpath.ipvs;

import org.jspecify.annotations.NullMarked;
