/** Virtual services as ipvsadm reads and prints them. */
@NullMarked
package dev.packetpath.ipvs.syntax;

import org.jspecify.annotations.NullMarked;
