/** Clusters read from manifests, as {@code kubectl get -o yaml} and {@code -o json} print them. */
@NullMarked
package dev.packetpath.kubernetes.manifest;

import org.jspecify.annotations.NullMarked;
