/**
 * A node snapshot read and written, and a host assembled from all models.
 *
 * <pre>{@code
 * NodeSnapshot snapshot = SnapshotReader.read(Path.of("node1")); // what snapshot.sh collected
 * Node node = Node.of(snapshot);
 * Packet syn =
 *     new Packet()
 *         .addresses(IpAddress.parse("10.244.1.7"), IpAddress.parse("10.96.0.20"))
 *         .ports(40_000, 80)
 *         .tcpFlags(TcpFlags.SYN);
 * PacketResult result = node.inject(Injection.on("cni0", syn));
 * result.emissions(); // what leaves, with its new addresses, and by which device
 * result.rulesTraversed(); // how many rules of each table were evaluated
 * result.work(); // all that was done, for a cost model to price
 * }</pre>
 *
 * <p>A node keeps its connections and counters from packet to packet. {@link
 * dev.packetpath.node.trace} tells a packet's way, rule by rule.
 */
@NullMarked
package dev.packetpath.node;

import org.jspecify.annotations.NullMarked;
