/** Cost profiles: what a kernel on a machine takes for each operation, read from YAML. */
@NullMarked
package dev.packetpath.node.cost;

import org.jspecify.annotations.NullMarked;
