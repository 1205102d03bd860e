/** What a host's own CI checks of its rules. */
@NullMarked
package dev.packetpath.examples.firewall;

import org.jspecify.annotations.NullMarked;
