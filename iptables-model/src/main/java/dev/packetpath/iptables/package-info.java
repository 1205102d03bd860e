/**
 * Tables, chains and rules as written, and the walk over them.
 *
 * <pre>{@code
 * Ruleset rules = RestoreParser.parse("rules.v4", IpFamily.IPV4, reader);
 * Iptables tables = Iptables.attach(host, rules, new IpSets(host.clock(), host.work()), nat);
 * host.receive(packet, device);
 * SavePrinter.print(tables.snapshot(), true, out); // as iptables-save -c
 * }</pre>
 */
@NullMarked
package dev.packetpath.iptables;

import org.jspecify.annotations.NullMarked;
