/** The schedulers once more, as plain as they can be told, for the engine to be compared with. */
@NullMarked
package dev.packetpath.ipvs.plain;

import org.jspecify.annotations.NullMarked;
