package dev.packetpath.examples.conntrack;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.node.Injection;
import java.io.PrintStream;

/**
 * A connection from a pool is silent for longer than its entry lasts. The client's next packet is
 * picked up in the middle (nf_conntrack_tcp_loose = 1) but translated anew, so the server gets it
 * from a port that it does not know and resets; with tcp_loose = 0 it is INVALID and not translated
 * at all.
 */
public final class IdleKeepalive {
  private static final String RULES =
      """
      *nat
      :POSTROUTING ACCEPT [0:0]
      -A POSTROUTING -o eth1 -p tcp -j MASQUERADE --random-fully
      COMMIT
      """;
  private static final String CLIENT = "tcp 10.0.0.7:40000 > 198.51.100.9:443 ";

  private IdleKeepalive() {}

  /** Runs the example. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    idle(out, "1");
    out.println();
    idle(out, "0");
  }

  private static void idle(PrintStream out, String loose) {
    Gateway gateway =
        new Gateway(
            RULES,
            ImmutableMap.of(
                "net.netfilter.nf_conntrack_tcp_timeout_established",
                "3600",
                "net.netfilter.nf_conntrack_tcp_loose",
                loose),
            out);
    gateway.say("nf_conntrack_tcp_timeout_established = 3600, nf_conntrack_tcp_loose = %s", loose);
    gateway.passes("eth0", CLIENT + "syn");
    int port = gateway.conntrack().connections().get(0).reply().destinationPort();
    gateway
        .node()
        .inject(
            Injection.on(
                "eth1",
                Gateway.packet("tcp 198.51.100.9:443 > 203.0.113.1:" + port + " syn ack")
                    .tcpSequence(5000)
                    .tcpAcknowledgment(1)));
    gateway.show("eth0", segment());
    gateway.say("After 59 minutes of silence the entry is still there:");
    gateway.at(3540);
    gateway.list();
    gateway.say("After 61 it is not, and neither end was told:");
    gateway.at(3660);
    gateway.list();
    gateway.show("eth0", segment());
    gateway.list();
  }

  private static Packet segment() {
    return Gateway.packet(CLIENT + "ack").tcpSequence(1).tcpAcknowledgment(5001);
  }
}
