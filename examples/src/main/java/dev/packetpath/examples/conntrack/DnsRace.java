package dev.packetpath.examples.conntrack;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import java.io.PrintStream;

/**
 * A resolver asks for A and AAAA from one socket at once, and two processors handle the packets at
 * the same time: both find no entry, both make one, and the second to be confirmed meets the first.
 *
 * <p>UDP is forgiven in most cases ({@code clash_resolve}; up to Linux 5.6 the second case below
 * was a loss, too). Where the answers to both could not be told apart, and always with TCP, the
 * loser is dropped ({@code insert_failed}): a resolver then waits for its timeout of 5 seconds.
 */
public final class DnsRace {
  private static final String QUERY = "udp 10.0.0.7:5353 > 10.96.0.10:53";

  private DnsRace() {}

  /** Runs the example. */
  public static void main(String[] args) {
    run(System.out);
  }

  static void run(PrintStream out) {
    Gateway same = new Gateway(toOneBackend(), ImmutableMap.of(), out);
    same.say("Both go to the same backend. The second packet joins the entry of the first:");
    race(same, QUERY, QUERY);
    same.say("%s%n", same.conntrack().statistics());

    Gateway different = new Gateway(toTwoBackends(), ImmutableMap.of(), out);
    different.say(
        "They go to different backends, as kube-proxy's random rules may choose. The loser");
    different.say("enters under its reply tuple alone, for one second:");
    race(different, QUERY, QUERY);
    different.say("%s%n", different.conntrack().statistics());

    Gateway replies = new Gateway(toOneBackendOfTwo(), ImmutableMap.of(), out);
    replies.say("One socket asks two Service addresses that have the same backend. The answers of");
    replies.say("both would be one tuple, so the loser is dropped:");
    race(replies, QUERY, "udp 10.0.0.7:5353 > 10.96.0.11:53");
    replies.say("%s", replies.conntrack().statistics());
  }

  /**
   * Lets the second packet pass the whole gateway while the first is between its look-up and its
   * confirmation, as another processor would.
   */
  private static void race(Gateway gateway, String first, String second) {
    boolean[] raced = new boolean[1];
    Host host = gateway.node().host();
    host.hooks()
        .register(
            IpFamily.IPV4,
            Hook.POSTROUTING,
            HookPriority.CONNTRACK_CONFIRM - 1,
            "meanwhile, on another processor",
            (packet, state) -> {
              if (!raced[0]) {
                raced[0] = true;
                host.trace()
                    .add(new EventText.Remark("meanwhile, on another processor: " + second));
                host.receive(Gateway.packet(second).mark(1), host.network().device("eth0"));
                host.trace().add(new EventText.Remark("the first processor goes on"));
              }
              return Verdict.ACCEPT;
            });
    gateway.show("eth0", first);
    gateway.list();
  }

  private static String toOneBackend() {
    return nat("-A PREROUTING -d 10.96.0.10 -p udp -j DNAT --to-destination 198.51.100.1:53");
  }

  private static String toTwoBackends() {
    return nat(
        "-A PREROUTING -d 10.96.0.10 -p udp -m mark --mark 1 -j DNAT --to-destination"
            + " 198.51.100.1:53\n"
            + "-A PREROUTING -d 10.96.0.10 -p udp -j DNAT --to-destination 198.51.100.2:53");
  }

  private static String toOneBackendOfTwo() {
    return nat("-A PREROUTING -d 10.96.0.10/31 -p udp -j DNAT --to-destination 198.51.100.1:53");
  }

  private static String nat(String rules) {
    return "*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n" + rules + "\nCOMMIT\n";
  }
}
