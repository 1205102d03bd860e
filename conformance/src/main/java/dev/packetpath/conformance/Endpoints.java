package dev.packetpath.conformance;

import java.util.OptionalInt;

/**
 * Who talks to whom.
 *
 * @param at where the client's packets go in
 * @param client its address
 * @param server where its packets are addressed to
 * @param protocol {@code tcp}, {@code udp}, {@code sctp}, {@code udplite}, {@code icmp}, {@code
 *     icmpv6}, {@code esp}, {@code ah} or {@code mh}
 * @param clientPort its port, or the id of its ICMP queries
 * @param serverPort the port it asks for, or the index or type in a header without ports
 * @param icmpType the type of its ICMP messages, if not an echo request
 */
record Endpoints(
    String at,
    String client,
    String server,
    String protocol,
    int clientPort,
    int serverPort,
    OptionalInt icmpType) {}
