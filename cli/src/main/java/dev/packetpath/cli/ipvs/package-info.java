/** Scenarios of ip_vs run and their results written, in the form in which kernels' are recorded. */
@NullMarked
package dev.packetpath.cli.ipvs;

import org.jspecify.annotations.NullMarked;
