package dev.packetpath.examples.conntrack;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.Injection;
import java.io.PrintStream;

/**
 * The gateway sees one direction of a connection only: a SYN went another way, so the SYN/ACK that
 * comes by here belongs to nothing and is INVALID; or the answers go another way, so that the
 * handshake never ends here, or the client acknowledges data that was never seen here.
 */
public final class AsymmetricRoute {
  private static final String RULES =
      """
      *filter
      :FORWARD ACCEPT [0:0]
      -A FORWARD -m conntrack --ctstate INVALID -j DROP
      COMMIT
      """;

  private AsymmetricRoute() {}

  /** Runs the example. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Gateway answers = new Gateway(RULES, ImmutableMap.of(), out);
    answers.say("Only the answers come by here; the SYN took another way:");
    answers.show("eth1", "tcp 198.51.100.9:443 > 10.0.0.7:40000 syn ack");

    Gateway requests = new Gateway(RULES, ImmutableMap.of(), out);
    requests.say("%nOnly the requests come by here. The SYN is well:");
    requests.show("eth0", Gateway.packet("tcp 10.0.0.7:40000 > 198.51.100.9:443 syn"));
    requests.say(
        "%nThe ACK is not: behind a SYN the kernel waits for a SYN/ACK. The server waits for");
    requests.say("this ACK in vain, and the entry stays in SYN_SENT:");
    requests.show("eth0", segment(1, 90_001));
    requests.list();

    out.println();
    rerouted(out, "0");
    out.println();
    rerouted(out, "1");
  }

  /** Both directions come by here at first, the answers no longer. */
  private static void rerouted(PrintStream out, String liberal) {
    Gateway gateway =
        new Gateway(
            RULES, ImmutableMap.of("net.netfilter.nf_conntrack_tcp_be_liberal", liberal), out);
    gateway.say("nf_conntrack_tcp_be_liberal = %s. A connection comes by here in both", liberal);
    gateway.say("directions, until the answers take another way. The client acknowledges 100,000");
    gateway.say("bytes that were never seen here:");
    gateway.passes("eth0", "tcp 10.0.0.7:40000 > 198.51.100.9:443 syn");
    gateway
        .node()
        .inject(
            Injection.on(
                "eth1",
                Gateway.packet("tcp 198.51.100.9:443 > 10.0.0.7:40000 syn ack")
                    .tcpSequence(90_000)
                    .tcpAcknowledgment(1)));
    gateway.node().inject(Injection.on("eth0", segment(1, 90_001)));
    gateway.show("eth0", segment(1, 190_001));
    gateway.say("%s", gateway.conntrack().statistics());
  }

  private static Packet segment(int sequence, int acknowledgment) {
    return Gateway.packet("tcp 10.0.0.7:40000 > 198.51.100.9:443 ack")
        .tcpSequence(sequence)
        .tcpAcknowledgment(acknowledgment);
  }
}
