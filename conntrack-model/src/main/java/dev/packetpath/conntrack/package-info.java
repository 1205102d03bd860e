/**
 * Connection tracking and network address translation, as nf_conntrack and nf_nat do them.
 *
 * <pre>{@code
 * Conntrack conntrack = Conntrack.attach(host, ConntrackSettings.DEFAULTS);
 * Nat nat = Nat.attach(conntrack); // for rules that translate
 * host.receive(packet, device);
 * conntrack.entries(); // what conntrack -L lists
 * }</pre>
 */
@NullMarked
package dev.packetpath.conntrack;

import org.jspecify.annotations.NullMarked;
