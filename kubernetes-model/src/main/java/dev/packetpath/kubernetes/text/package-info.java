/** Rules as text, in the form that iptables-restore takes and iptables-save prints. */
@NullMarked
package dev.packetpath.kubernetes.text;

import org.jspecify.annotations.NullMarked;
