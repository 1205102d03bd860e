/** The text of iptables-save and iptables-restore, read and printed. */
@NullMarked
package dev.packetpath.iptables.syntax;

import org.jspecify.annotations.NullMarked;
