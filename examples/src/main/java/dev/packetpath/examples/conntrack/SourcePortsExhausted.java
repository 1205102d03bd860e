package dev.packetpath.examples.conntrack;

import com.google.common.collect.ImmutableMap;
import java.io.PrintStream;

/**
 * Behind MASQUERADE all clients share one address, so towards one destination address and port
 * there are as many flows as source ports: 64,512 without a range, or as many as the range has.
 */
public final class SourcePortsExhausted {
  private static final String DESTINATION = " > 198.51.100.9:53";

  private SourcePortsExhausted() {}

  /** Runs the example. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    withARange(out);
    withoutARange(out);
  }

  private static void withARange(PrintStream out) {
    Gateway gateway = gateway("-p udp -j MASQUERADE --to-ports 40000-40003", out);
    gateway.say("MASQUERADE --to-ports 40000-40003, one flow after the other to one server:");
    for (int client = 2; client <= 5; client++) {
      gateway.passes("eth0", "udp 10.0.0." + client + ":5000" + DESTINATION);
    }
    gateway.list();
    gateway.say("%nThe fifth finds no port and is dropped when it would be confirmed:");
    gateway.show("eth0", "udp 10.0.0.6:5000" + DESTINATION);
    gateway.say("%nAnother server has all four ports again:");
    gateway.show("eth0", "udp 10.0.0.6:5000 > 198.51.100.10:53");
    gateway.say("%s%n", gateway.conntrack().statistics());
  }

  private static void withoutARange(PrintStream out) {
    Gateway gateway = gateway("-j MASQUERADE", out);
    gateway.node().host().trace().keep(false);
    gateway.say("MASQUERADE alone, 72,000 flows of 2 clients to one server:");
    int first = 0;
    for (int flow = 0; flow < 72_000; flow++) {
      String client = "10.0.0." + (2 + flow % 2) + ":" + (1024 + flow / 2);
      if (!gateway.passes("eth0", "udp " + client + DESTINATION) && first == 0) {
        first = flow;
      }
    }
    gateway.say(
        "entries %,d, first loss at flow %,d: ports are", gateway.conntrack().size(), first);
    gateway.say("drawn at random, and at most 248 of them are tried.");
    gateway.say("%s", gateway.conntrack().statistics());
  }

  private static Gateway gateway(String rule, PrintStream out) {
    String rules = "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o eth1 " + rule + "\nCOMMIT\n";
    return new Gateway(rules, ImmutableMap.of(), out);
  }
}
