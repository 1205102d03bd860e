/** The experiment: which kube-proxy mode costs what, at how many Services. */
@NullMarked
package dev.packetpath.compare;

import org.jspecify.annotations.NullMarked;
