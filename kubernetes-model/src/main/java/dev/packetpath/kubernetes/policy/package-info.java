/** Who may talk to whom: NetworkPolicies and the selectors of Pods in them. */
@NullMarked
package dev.packetpath.kubernetes.policy;

import org.jspecify.annotations.NullMarked;
