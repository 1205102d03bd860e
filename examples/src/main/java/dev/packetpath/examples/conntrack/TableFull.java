package dev.packetpath.examples.conntrack;

import com.google.common.collect.ImmutableMap;
import java.io.PrintStream;

/**
 * The table is full ({@code nf_conntrack: table full, dropping packet}): new flows are dropped, old
 * ones pass, and unassured entries are sacrificed only if one lies in the eight buckets that are
 * looked at.
 */
public final class TableFull {
  private static final String RULES =
      """
      *filter
      :FORWARD ACCEPT [0:0]
      -A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
      COMMIT
      """;

  private TableFull() {}

  /** Runs the example. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Gateway gateway =
        new Gateway(
            RULES,
            ImmutableMap.of(
                "net.netfilter.nf_conntrack_max", "100",
                "net.netfilter.nf_conntrack_buckets", "512"),
            out);
    gateway.say("nf_conntrack_max = 100. 99 connections are established, and assured:");
    for (int port = 40_000; port < 40_099; port++) {
      String client = "10.0.0.7:" + port;
      gateway.passes("eth0", "tcp " + client + " > 198.51.100.9:443 syn");
      gateway.passes("eth1", "tcp 198.51.100.9:443 > " + client + " syn ack");
      gateway.passes("eth0", "tcp " + client + " > 198.51.100.9:443 ack");
    }
    gateway.say("entries: %d%n", gateway.conntrack().size());
    gateway.at(1);
    gateway.say("One more fits. It is not answered, so it is not assured:");
    gateway.show("eth0", "udp 10.0.0.8:5000 > 198.51.100.9:53");
    gateway.say("%nThe next ones find the table full:");
    gateway.show("eth0", "tcp 10.0.0.8:40000 > 198.51.100.9:443 syn");
    gateway.say("%nAn established connection goes on as before:");
    gateway.show("eth0", "tcp 10.0.0.7:40000 > 198.51.100.9:443 ack");
    int tries = 1;
    while (!gateway.passes("eth0", "udp 10.0.0.8:" + (6000 + tries) + " > 198.51.100.9:53")) {
      tries++;
    }
    gateway.say(
        "%nAfter %d tries one hashed near the unanswered entry, which made room: early_drop.",
        tries);
    gateway.say("%s", gateway.conntrack().statistics());
  }
}
