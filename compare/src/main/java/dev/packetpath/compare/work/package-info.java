/** What connections to Services make the kernel do, learnt from packets sent through the models. */
@NullMarked
package dev.packetpath.compare.work;

import org.jspecify.annotations.NullMarked;
